import { AppError } from '../../contract/index.ts';
import { PatchedDisk, type ReadableDisk } from '../disk/index.ts';
import type { FileSystem, VolumeLimits, VolumeState } from '../tree/index.ts';
import { findLogRange } from './log-range.ts';
import { replayLog } from './log-replay.ts';
import { readXfsSuperblock, type XfsSuperblock } from './superblock.ts';
import { XfsFileSystem } from './xfs-file-system.ts';

interface Prepared {
  readonly disk: ReadableDisk;
  readonly superblock: XfsSuperblock;
  readonly state: VolumeState;
  readonly note: string;
}

/**
 * Opens an XFS volume of version 4 or 5, with its log replayed into a throw-away overlay if it is dirty.
 * @throws AppError `damaged` or `not-supported`
 */
export async function openXfs(
  disk: ReadableDisk,
  limits: VolumeLimits,
  signal: AbortSignal,
): Promise<FileSystem> {
  const { superblock, state, note, ...prepared } = await prepare(disk, limits, signal);
  const facts = {
    kind: 'xfs' as const,
    label: superblock.label,
    uuid: superblock.uuid,
    size: superblock.blocks * superblock.blockSize,
    blockSize: superblock.blockSize,
    state,
    note,
    caseSensitive: true,
    localTimes: false,
  };
  return new XfsFileSystem({
    disk: prepared.disk,
    superblock,
    facts,
    limits,
    verify: prepared.disk === disk,
  });
}

async function prepare(disk: ReadableDisk, limits: VolumeLimits, signal: AbortSignal): Promise<Prepared> {
  const superblock = await readXfsSuperblock(disk, signal);
  const asIs = (state: VolumeState, note: string): Prepared => ({ disk, superblock, state, note });
  if (superblock.needsRepair) return asIs('dirty', 'The volume is marked as needing repair.');
  if (superblock.logStart === undefined)
    return asIs('dirty', 'Its log is on another device, so recent changes may be missing.');
  if (superblock.logSectors < 8 || superblock.logStart + superblock.logSectors * 512 > disk.size)
    return asIs('dirty', 'Its log is off the volume, so recent changes may be missing.');
  const log = { disk, start: superblock.logStart, blocks: superblock.logSectors };
  const range = await findLogRange(log, signal);
  if (range === undefined) return asIs('clean', '');
  if (range === 'unclear') return asIs('dirty', 'Its log cannot be read, so recent changes may be missing.');
  const overlay = new PatchedDisk(disk, limits.overlayBytes);
  try {
    const parts = { log, range, superblock, overlay, budget: limits.overlayBytes };
    const { transactions, unfinished } = await replayLog(parts, signal);
    const after = await readXfsSuperblock(overlay, signal);
    const note = `${transactions} changes were taken from its log.`;
    if (unfinished === 0) return { disk: overlay, superblock: after, state: 'replayed', note };
    return {
      disk: overlay,
      superblock: after,
      state: 'dirty',
      note: `${note} ${unfinishedNote(unfinished)}`,
    };
  } catch (thrown) {
    const replayable = thrown instanceof AppError && ['damaged', 'not-supported'].includes(thrown.code);
    if (!replayable) throw thrown;
    return asIs(
      'dirty',
      `Its log could not be replayed, so recent changes may be missing. ${thrown.message}`,
    );
  }
}

function unfinishedNote(count: number): string {
  return `${count} changes of file layouts were under way and could not be finished; the newest data of those files may be missing.`;
}
