import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ImageFile } from '../disk/index.ts';
import { openVolumes } from '../open-volumes.ts';
import type { Volume } from '../volume.ts';
import { runTool, withDirectory } from './run-tool.ts';

/** Disks of Debian's forensics-samples packages, which other people made, as The Sleuth Kit reads them. */
const disks: Readonly<Record<string, readonly string[]>> = {
  'fs.ext2': ['ext2'],
  'fs.ext4': ['ext4'],
  'fs.ntfs': ['ntfs'],
  'fs.vfat': ['fat32'],
  'fs.exfat': ['exfat'],
  'fs.btrfs': ['btrfs'],
  'fs.multiple': ['btrfs', 'ext4', 'exfat', 'ntfs'],
};

/** By path: kind, size, hash and time, and for ext the mode and owner. */
type Facts = Record<string, string>;

describe('disks of the forensics-samples packages as The Sleuth Kit shows them', () => {
  for (const [name, kinds] of Object.entries(disks))
    it(name, async () => {
      await withDirectory(async (directory) => {
        const { signal } = new AbortController();
        const image = join(directory, name);
        await runTool('sh', '-c', 'xz -dc "/usr/share/forensics-samples/$0.xz" > "$1"', name, image);
        const file = await ImageFile.open(image);
        const volumes = await openVolumes([file], { signal });
        expect(volumes.map(({ facts }) => facts.kind)).toEqual(kinds);
        for (const volume of volumes.filter(({ readable }) => readable)) {
          const expected = await judgedFacts(image, volume);
          expect(Object.keys(expected).length).toBeGreaterThan(1);
          expect(await ourFacts(volume, signal)).toEqual(expected);
        }
        await file.close();
      });
    });
});

function line(facts: { kind: string; size: number; md5: string; seconds: number; rights: string }): string {
  const { kind, size, md5, seconds, rights } = facts;
  return kind === 'd' ? `d ${seconds} ${rights}` : `${kind} ${size} ${md5} ${seconds} ${rights}`;
}

/** What is in use, without the tool's own names for structures of the file system and for further streams. */
async function judgedFacts(image: string, { facts }: Volume): Promise<Facts> {
  const sector = String(facts.offset / 512);
  const body = await runTool('fls', '-r', '-p', '-u', '-h', '-m', '', '-z', 'UTC', '-o', sector, image);
  const rows = body.split('\n').map((row) => row.split('|'));
  return Object.fromEntries(
    rows.flatMap(([md5 = '', path = '$', , mode = '', uid = '', gid = '', size, , modified]) => {
      if (path.startsWith('/$') || path === '$' || path.endsWith('($FILE_NAME)')) return [];
      const rights = facts.kind.startsWith('ext') ? `${mode.slice(3)} ${uid}:${gid}` : '';
      return [
        [path, line({ kind: mode[0] ?? '', size: Number(size), md5, seconds: Number(modified), rights })],
      ];
    }),
  );
}

async function ourFacts(volume: Volume, signal: AbortSignal): Promise<Facts> {
  const found: Facts = {};
  for await (const { id, path, info, problem } of volume.walk({ id: volume.root, path: '' }, signal)) {
    if (info === undefined) throw new Error(problem);
    const hash = createHash('md5');
    if (info.kind === 'file') for await (const bytes of volume.stream(id, {}, signal)) hash.update(bytes);
    found[path] = line({
      kind: info.kind === 'directory' ? 'd' : info.kind === 'file' ? 'r' : info.kind,
      size: info.size,
      md5: hash.digest('hex'),
      seconds: Number((info.times.modified ?? 0n) / 1_000_000_000n),
      rights: info.mode === undefined ? '' : `${rightsText(info.mode)} ${info.owner?.uid}:${info.owner?.gid}`,
    });
  }
  return found;
}

/** `rwxr-x---`; none of the disks has any of the three upper bits. */
function rightsText(mode: number): string {
  return Array.from('rwxrwxrwx', (letter, index) => (mode & (0o400 >> index) ? letter : '-')).join('');
}
