import { MovedBlocksDisk, type ReadableDisk } from '../disk/index.ts';
import type { FileSystem, VolumeLimits, VolumeState } from '../tree/index.ts';
import { findRunOf } from './block-runs.ts';
import { ExtFileSystem } from './ext-file-system.ts';
import type { FastCommits } from './fast-commits.ts';
import { InodeTable } from './inode-table.ts';
import { replayJournal } from './journal-replay.ts';
import { type ExtSuperblock, extKind, incompat, readSuperblock } from './superblock.ts';

interface Prepared {
  readonly disk: ReadableDisk;
  readonly superblock: ExtSuperblock;
  readonly state: VolumeState;
  readonly note: string;
  readonly changes?: FastCommits | undefined;
}

/**
 * Opens an ext2, ext3 or ext4 volume, with its journal replayed into a throw-away overlay if it is dirty.
 * @throws AppError `damaged` or `not-supported`
 */
export async function openExt(
  disk: ReadableDisk,
  limits: VolumeLimits,
  signal: AbortSignal,
): Promise<FileSystem> {
  const prepared = await prepare(disk, await readSuperblock(disk, signal), signal);
  const { superblock } = prepared;
  const facts = {
    kind: extKind(superblock),
    label: superblock.label,
    uuid: superblock.uuid,
    size: superblock.blocks * superblock.blockSize,
    blockSize: superblock.blockSize,
    state: prepared.state,
    note: prepared.note,
    caseSensitive: true,
    localTimes: false,
  };
  return new ExtFileSystem({ disk: prepared.disk, superblock, facts, limits, changes: prepared.changes });
}

async function prepare(
  disk: ReadableDisk,
  superblock: ExtSuperblock,
  signal: AbortSignal,
): Promise<Prepared> {
  if (!(superblock.incompat & incompat.recover)) {
    const clean = superblock.cleanlyUnmounted || superblock.journalInode > 0;
    return clean
      ? { disk, superblock, state: 'clean', note: '' }
      : dirty(disk, superblock, 'It was in use and has no journal, so recent changes may be incomplete.');
  }
  if (superblock.externalJournal)
    return dirty(disk, superblock, 'Its journal is on another device, so recent changes may be missing.');
  const inode = await new InodeTable(disk, superblock).read(superblock.journalInode, signal);
  const findRun = findRunOf(inode, { disk, superblock });
  const file = { size: inode.size, blockSize: superblock.blockSize, findRun };
  const replay = await replayJournal(disk, file, signal);
  if (replay === undefined)
    return dirty(disk, superblock, 'Its journal cannot be read, so recent changes may be missing.');
  const overlay = new MovedBlocksDisk(disk, superblock.blockSize, replay.moved);
  const after = await readSuperblock(overlay, signal);
  if (replay.problem !== undefined) return dirty(overlay, after, replay.problem);
  const changes = replay.fastCommits;
  const count = replay.transactions + (changes?.count ?? 0);
  const note = `${count} committed changes were taken from its journal.`;
  return { disk: overlay, superblock: after, state: 'replayed', note, changes };
}

function dirty(disk: ReadableDisk, superblock: ExtSuperblock, note: string): Prepared {
  return { disk, superblock, state: 'dirty', note };
}
