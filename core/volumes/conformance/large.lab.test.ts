import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ImageFile } from '../disk/index.ts';
import { openVolumes } from '../open-volumes.ts';
import { buildIndex } from '../search/index.ts';
import { type Candidate, judge, withImage } from './conformance.ts';
import { CountingDisk } from './counting-disk.ts';
import { fatJudged, inFatTimes } from './fat-times.ts';
import { type BulkOptions, fillBulk } from './fill-bulk.ts';
import { fillTree } from './fill-tree.ts';
import { differences, judgedTree, ourTree } from './judged-tree.ts';
import { runTool, withDirectory } from './run-tool.ts';

/** More entries than any structure of the readers holds at once, in one directory and in many. */
const bulk: BulkOptions = { files: 30_000, wide: 20_000, links: true, largest: 1_200_000_000 };
/** Without holes a large file costs its whole size. */
const bulkOfData: BulkOptions = { ...bulk, links: false, largest: 300_000_000 };
const ENTRIES = 50_000;
const LONG = 600_000;

const unixTree = { files: 300, unix: true, exotic: true, holes: true };
const plainTree = { files: 300, unix: false, exotic: false, holes: false };

const candidates: readonly Candidate[] = [
  {
    name: 'ext4 as the kernel shows it',
    kind: 'ext4',
    sizeMiB: 3000,
    format: ['mkfs.ext4', '-q', '-F', 'IMAGE'],
    mount: ['mount', '-o', 'loop,noatime', 'IMAGE'],
    mountReadOnly: ['mount', '-o', 'loop,ro', 'IMAGE'],
    tree: unixTree,
    judged: {},
  },
  {
    name: 'XFS as the kernel shows it',
    kind: 'xfs',
    sizeMiB: 3000,
    format: ['mkfs.xfs', '-q', '-f', 'IMAGE'],
    mount: ['mount', '-o', 'loop,noatime,nouuid', 'IMAGE'],
    mountReadOnly: ['mount', '-o', 'loop,ro,nouuid', 'IMAGE'],
    tree: unixTree,
    judged: {},
  },
  {
    name: 'NTFS as ntfs-3g shows it',
    kind: 'ntfs',
    sizeMiB: 3000,
    format: ['mkntfs', '-q', '-F', '-Q', 'IMAGE'],
    mount: ['ntfs-3g', '-o', 'loop', 'IMAGE'],
    mountReadOnly: ['ntfs-3g', '-o', 'loop,ro', 'IMAGE'],
    tree: { ...unixTree, exotic: false },
    judged: { mode: false, owner: false, allocated: false, device: false, links: false },
  },
  {
    name: 'exFAT as exfat-fuse shows it',
    kind: 'exfat',
    sizeMiB: 2000,
    format: ['mkfs.exfat', '-c', '4K', 'IMAGE'],
    mount: ['mount.exfat-fuse', 'LOOP'],
    mountReadOnly: ['mount.exfat-fuse', '-o', 'ro', 'LOOP'],
    tree: plainTree,
    judged: fatJudged,
  },
];

/** A repository answers in tens of milliseconds, so an index may not ask for every entry by itself. */
async function expectFewRequests(kind: string, image: string): Promise<void> {
  const { signal } = new AbortController();
  const file = await ImageFile.open(image);
  const disk = new CountingDisk(file);
  const [volume] = await openVolumes([disk], { signal });
  if (volume === undefined) throw new Error('no volume');
  const { index } = await buildIndex(volume, { signal });
  await file.close();
  const { requests, bytes } = disk;
  process.stdout.write(
    `${kind}: index of ${index.count} entries in ${requests} requests, ${Math.round(bytes / 1e6)} MB\n`,
  );
  expect(requests).toBeLessThan(index.count / 40);
}

describe('trees of more than 50,000 entries: names, metadata, links and the hash of every content', () => {
  for (const candidate of candidates)
    it(
      candidate.name,
      async () => {
        const options = candidate.tree.unix ? bulk : bulkOfData;
        const extra = async (root: string): Promise<void> => fillBulk(root, options);
        const inspect = async (image: string): Promise<void> => expectFewRequests(candidate.kind, image);
        const found = await judge({ ...candidate, extra, inspect });
        expect(found.differences.slice(0, 20)).toEqual([]);
        expect(found.entries).toBeGreaterThan(ENTRIES);
      },
      LONG,
    );

  it(
    'FAT32 like what mtools wrote',
    async () => {
      await withDirectory(async (directory) => {
        const [image, source] = [join(directory, 'image'), join(directory, 'source')];
        await runTool('mkdir', source);
        await fillTree(source, plainTree);
        fillBulk(source, bulkOfData);
        // mtools cannot write characters beyond the first 65536.
        await rm(join(source, 'names', '😀 emoji'));
        await writeFile(image, '');
        await truncate(image, 2000 * 1024 * 1024);
        await runTool('mkfs.vfat', '-F', '32', '-s', '8', image);
        await runTool('sh', '-c', 'TZ=UTC LC_ALL=C.UTF-8 mcopy -s -m -Q -i "$0" "$1"/* ::', image, source);
        const expected = inFatTimes(await judgedTree(source, fatJudged));
        const actual = await withImage([image], (volume, signal) => ourTree(volume, fatJudged, signal));
        expect(differences(expected, actual).slice(0, 20)).toEqual([]);
        expect(expected.size).toBeGreaterThan(ENTRIES);
      });
    },
    LONG,
  );
});
