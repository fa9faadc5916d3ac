import type { ReadableDisk } from '../disk/index.ts';
import type { FileSystem, VolumeLimits, VolumeState } from '../tree/index.ts';
import { readXfsSuperblock } from './superblock.ts';
import { XfsFileSystem } from './xfs-file-system.ts';

/**
 * Opens an XFS volume of version 4 or 5.
 * @throws AppError `damaged` or `not-supported`
 */
export async function openXfs(
  disk: ReadableDisk,
  limits: VolumeLimits,
  signal: AbortSignal,
): Promise<FileSystem> {
  const superblock = await readXfsSuperblock(disk, signal);
  const state: VolumeState = 'clean';
  const facts = {
    kind: 'xfs' as const,
    label: superblock.label,
    uuid: superblock.uuid,
    size: superblock.blocks * superblock.blockSize,
    blockSize: superblock.blockSize,
    state,
    note: '',
    caseSensitive: true,
    localTimes: false,
  };
  return new XfsFileSystem({ disk, superblock, facts, limits, verify: true });
}
