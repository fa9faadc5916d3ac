import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toAppError } from '../../contract/index.ts';
import { InlineContent } from '../tree/index.ts';
import { readDriveLetters } from './drive-letters.ts';

const { signal } = new AbortController();
const BASE = 4096;

async function sampleHive(): Promise<Buffer> {
  return gunzipSync(await readFile(new URL('../testdata/system-hive.gz', import.meta.url)));
}

const letters = (hive: Uint8Array): ReturnType<typeof readDriveLetters> =>
  readDriveLetters(new InlineContent(hive), signal);

const inSample = [
  { letter: 'C:', partitionId: '8f2c1d3e-1111-4222-9333-0123456789ab', diskId: '', offset: 0 },
  { letter: 'F:', partitionId: '', diskId: '1234abcd', offset: 1_048_576 },
];

describe('drive letters of a SYSTEM hive', () => {
  it('are those of partitions of either kind of table, optical drives left out', async () => {
    expect(await letters(await sampleHive())).toEqual(inSample);
  });

  it('are found through a list of lists, which Windows makes for keys with many others below', async () => {
    const hive = await sampleHive();
    const root = BASE + hive.readUInt32LE(36) + 4;
    const more = Buffer.alloc(64);
    const place = hive.length - BASE;
    more.writeInt32LE(-16, 0);
    more.write('ri', 4, 'latin1');
    more.writeUInt16LE(1, 6);
    more.writeUInt32LE(hive.readUInt32LE(root + 28), 8);
    hive.writeUInt32LE(place, root + 28);
    expect(await letters(Buffer.concat([hive, more]))).toEqual(inSample);
  });

  it('are none where the hive does not know of any', async () => {
    const hive = await sampleHive();
    hive.write('Xounted', hive.indexOf('MountedDevices'), 'latin1');
    expect(await letters(hive)).toEqual([]);
  });

  it('are not taken from what is no hive', async () => {
    for (const bytes of [new Uint8Array(0), Buffer.from('regf'), new Uint8Array(9000)])
      await expect(letters(bytes)).rejects.toMatchObject({ code: 'damaged' });
  });
});

it('a damaged hive causes typed errors and nothing else', async () => {
  const hive = await sampleHive();
  let state = 7;
  const dice = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const codes = new Set<string>();
  for (let round = 0; round < 3000; round++) {
    const bad = Buffer.from(hive);
    for (let change = 0; change <= dice(20); change++) bad[dice(hive.length)] = dice(3) ? dice(256) : 255;
    if (dice(10) === 0) bad.writeUInt32LE(0xffffffff, dice(hive.length - 4));
    await letters(bad.subarray(0, dice(5) ? bad.length : dice(bad.length))).catch((thrown: unknown) =>
      codes.add(toAppError(thrown).code),
    );
  }
  expect([...codes].toSorted()).toEqual(['damaged', 'not-supported']);
});
