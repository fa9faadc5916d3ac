import { describe, expect, it } from 'vitest';
import type { Volume } from '../volume.ts';
import { withImage } from './conformance.ts';
import { type DirtyOptions, dirtyContent, withDirtyCopy } from './dirty-copy.ts';

const FILES = 500;
const noload = ['mount', '-o', 'loop,ro,noload'] as const;

const disks: Readonly<Record<string, DirtyOptions>> = {
  'ext4 as by default': {
    format: ['mkfs.ext4', '-q', '-F'],
    sizeMiB: 200,
    files: FILES,
    withoutReplay: noload,
  },
  'ext4 with 1 KiB blocks and no checksums': {
    format: ['mkfs.ext4', '-q', '-F', '-b', '1024', '-O', '^metadata_csum,^64bit'],
    sizeMiB: 100,
    files: FILES,
    withoutReplay: noload,
  },
  'ext4 with fast commits': {
    format: ['mkfs.ext4', '-q', '-F', '-O', 'fast_commit'],
    sizeMiB: 200,
    files: FILES,
    withoutReplay: noload,
  },
  'XFS as by default': {
    format: ['mkfs.xfs', '-q', '-f'],
    sizeMiB: 400,
    files: FILES,
    withoutReplay: ['mount', '-o', 'loop,ro,norecovery,nouuid'],
  },
  'XFS with 1 KiB blocks and plain times': {
    format: ['mkfs.xfs', '-q', '-f', '-b', 'size=1024', '-m', 'bigtime=0,rmapbt=1'],
    sizeMiB: 400,
    files: FILES,
    withoutReplay: ['mount', '-o', 'loop,ro,norecovery,nouuid'],
  },
  ext3: { format: ['mkfs.ext3', '-q', '-F'], sizeMiB: 100, files: FILES, withoutReplay: noload },
};

describe('disks copied while they were being written', () => {
  for (const [name, options] of Object.entries(disks))
    it(`${name}: what was synced is there, which is not so without the journal`, async () => {
      await withDirtyCopy(options, async ({ image, seenWithoutReplay }) => {
        expect(seenWithoutReplay).toBeLessThan(FILES / 2);
        await withImage([image], async (volume, signal) => {
          expect(volume.facts.state, volume.facts.note).toBe('replayed');
          const seen = await expectSynced(volume, signal);
          process.stdout.write(
            `${name}, files written after the sync: ${seen} here, ${seenWithoutReplay} without the journal\n`,
          );
        });
      });
    });
});

/** Gives the number of entries in the directory that was written last. */
async function expectSynced(volume: Volume, signal: AbortSignal): Promise<number> {
  const before = await volume.list(await volume.resolve('before', signal), signal);
  expect(before.length).toBe(FILES);
  const after = await volume.list(await volume.resolve('after', signal), signal);
  const names = new Set(after.map((node) => node.name.text));
  expect(names.size).toBe(FILES - 1);
  expect(names.has('renamed')).toBe(true);
  expect(names.has('file-7') || names.has('file-8')).toBe(false);
  for (let index = 49; index < FILES; index += 50) {
    const node = after.find(({ name }) => name.text === `file-${index}`);
    const range = { offset: 0, length: 1_000_000 };
    const bytes = node === undefined ? undefined : await volume.read(node.id, range, signal);
    expect(Buffer.from(bytes ?? []).equals(dirtyContent(index)), `file-${index}`).toBe(true);
  }
  return after.length;
}
