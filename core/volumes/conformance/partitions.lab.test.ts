import { execFileSync } from 'node:child_process';
import { open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ImageFile } from '../disk/index.ts';
import { openVolumes } from '../open-volumes.ts';
import type { VolumeFacts } from '../volume.ts';
import { runTool, withDirectory } from './run-tool.ts';

const MIB = 1024 * 1024;

async function withTable(script: string, work: (disk: string) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    const disk = join(directory, 'disk');
    await writeFile(disk, '');
    await truncate(disk, 200 * MIB);
    execFileSync('sfdisk', ['-q', disk], { input: script });
    await work(disk);
  });
}

async function factsOf(disk: string): Promise<VolumeFacts[]> {
  const file = await ImageFile.open(disk);
  try {
    const { signal } = new AbortController();
    return (await openVolumes([file], { signal })).map(({ facts }) => facts);
  } finally {
    await file.close();
  }
}

async function wipe(disk: string, at: number, length: number): Promise<void> {
  const file = await open(disk, 'r+');
  await file.write(Buffer.alloc(length, 0x5a), 0, length, at);
  await file.close();
}

const DISK = '0f1e2d3c-4b5a-4697-8899-aabbccddeeff';
const PARTITION = '8f2c1d3e-1111-4222-9333-0123456789ab';
const gpt = `label: gpt
label-id: ${DISK}
start=2048, size=40960, name="efi", uuid=${PARTITION}
start=43008, size=102400, name="daten äö"
start=145408, size=20480, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4
start=165888, size=20480, type=E75CAF8F-F680-4CEE-AFA3-B001E56EFC2D
`;

describe('partition tables made by sfdisk', () => {
  it('GPT: places, names, what they hold; the same from the backup when the start is damaged', async () => {
    await withTable(gpt, async (disk) => {
      await runTool('mkfs.ext4', '-q', '-F', '-L', 'data', '-E', `offset=${43008 * 512}`, disk, '51200k');
      const expected = [
        {
          id: 'disk0-part1',
          kind: 'empty',
          placeName: 'efi',
          size: 40960 * 512,
          partitionScheme: 'gpt',
          diskId: DISK,
          partitionId: PARTITION,
          offset: 2048 * 512,
        },
        { id: 'disk0-part2', kind: 'ext4', placeName: 'daten äö', label: 'data', state: 'clean' },
        { id: 'disk0-part3', kind: 'empty', size: 20480 * 512 },
        { id: 'disk0-part4', kind: 'storage-spaces', state: 'unsupported' },
      ];
      expect(await factsOf(disk)).toMatchObject(expected);
      await wipe(disk, 512, 64);
      expect(await factsOf(disk)).toMatchObject(
        expected.map((facts) => ({ ...facts, note: expect.stringContaining('backup') })),
      );
      await wipe(disk, 200 * MIB - 512, 64);
      expect(await factsOf(disk)).toMatchObject([
        { id: 'disk0', kind: 'unknown', partitionScheme: 'none', diskId: '', offset: 0 },
      ]);
    });
  });

  it('MBR with logical partitions', async () => {
    const script =
      'label: dos\nlabel-id: 0x0badcafe\nstart=2048, size=40960\nstart=43008, size=300000, type=5\nstart=45056, size=40960\nstart=90112, size=102400\n';
    await withTable(script, async (disk) => {
      await runTool('mkfs.ext4', '-q', '-F', '-E', `offset=${90112 * 512}`, disk, '51200k');
      expect(await factsOf(disk)).toMatchObject([
        { partition: 1, size: 40960 * 512, partitionScheme: 'mbr', diskId: '0badcafe', offset: 2048 * 512 },
        { partition: 5, size: 40960 * 512, offset: 45056 * 512 },
        { partition: 6, size: 102400 * 512, kind: 'ext4', offset: 90112 * 512 },
      ]);
    });
  });
});
