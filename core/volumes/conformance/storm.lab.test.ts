import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withImage } from './conformance.ts';
import { differences, type Judged, judgedTree, ourTree } from './judged-tree.ts';
import { runTool, withDirectory, withMount } from './run-tool.ts';
import { storm } from './storm.ts';

/** The variables let mkfs.xfs make a log this small, so that it goes around many times. */
const smallXfs = ['env', 'TEST_DIR=x', 'TEST_DEV=x', 'QA_CHECK_FS=x', 'mkfs.xfs', '-q', '-f'] as const;

const formats: Readonly<Record<string, readonly [string, ...string[]]>> = {
  ext4: ['mkfs.ext4', '-q', '-F', '-J', 'size=4'],
  'ext4 with 1 KiB blocks, data in the journal': ['mkfs.ext4', '-q', '-F', '-b', '1024', '-J', 'size=8'],
  'ext4 with fast commits': ['mkfs.ext4', '-q', '-F', '-O', 'fast_commit', '-J', 'size=8'],
  xfs: [...smallXfs, '-l', 'size=6m'],
  'xfs with 2 KiB blocks and 4 KiB directories': [
    ...smallXfs,
    ...['-b', 'size=2048', '-n', 'size=4096', '-m', 'bigtime=0', '-i', 'nrext64=1', '-l', 'size=16m'],
  ],
  'xfs with 1 KiB blocks and 4 KiB directories': [
    ...smallXfs,
    ...['-b', 'size=1024', '-n', 'size=4096', '-m', 'rmapbt=1', '-l', 'size=10m'],
  ],
};

/** Access times are written back lazily, and looking at the tree changes them. */
const judged: Judged = { accessed: false };

/** Where the kernel replays fast commits it makes the entries anew, at the time of the replay. */
const judgedFast: Judged = { ...judged, modified: false, changed: false, links: false, allocated: false };

describe('a busy disk copied at any moment reads like after the kernel replayed its journal', () => {
  for (const [name, format] of Object.entries(formats))
    it(name, async () => {
      await withDirectory(async (directory) => {
        const live = join(directory, 'live');
        await writeFile(live, '');
        await truncate(live, 320 * 1024 * 1024);
        const [command, ...args] = format;
        await runTool(command, ...args, live);
        const point = join(directory, 'mount');
        const copies = ['first', 'second'].map((copy) => join(directory, copy));
        const options = name.includes('data in') ? 'loop,data=journal' : 'loop';
        await withMount(['mount', '-o', options, live], point, async () => {
          for (const [index, copy] of copies.entries()) {
            await runTool('mkdir', join(point, `storm${index}`));
            await storm(join(point, `storm${index}`), { seed: `${name}${index}`, steps: 1000 });
            await runTool('cp', '--sparse=always', live, copy);
          }
        });
        for (const copy of copies)
          await compare(copy, { point, judged: name.includes('fast') ? judgedFast : judged });
      });
    });
});

async function compare(
  copy: string,
  { point, judged: facts }: { point: string; judged: Judged },
): Promise<void> {
  const actual = await withImage([copy], async (volume, signal) => {
    expect(volume.facts.state, volume.facts.note).toBe('replayed');
    return ourTree(volume, facts, signal);
  });
  const expected = await withMount(['mount', '-o', 'loop', copy], point, () => judgedTree(point, facts));
  expect(differences(expected, actual).slice(0, 20)).toEqual([]);
  expect(expected.size).toBeGreaterThan(300);
}
