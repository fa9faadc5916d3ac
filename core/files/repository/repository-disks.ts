import { toAppError } from '../../contract/index.ts';
import { openDisk, type Repository, type RepositoryDisk, readPoint } from '../../engine/index.ts';
import type { ReadableDisk } from '../../volumes/index.ts';
import { cancelled } from '../service/abortable.ts';

export interface RepositoryDisksOptions {
  /** Unpacked blocks kept in memory for all disks together, in bytes. */
  readonly cacheBytes?: number;
}

const DEFAULT_CACHE_BYTES = 256 * 1024 * 1024;
/** Below this a disk's read-ahead would drop what it has just fetched. */
const LEAST_CACHE_BYTES = 16 * 1024 * 1024;

/** All disks of a restore point, read from its repository. The repository stays the caller's. */
export async function repositoryDisks(
  repository: Repository,
  pointId: string,
  signal: AbortSignal,
  options: RepositoryDisksOptions = {},
): Promise<ReadableDisk[]> {
  const point = await readPoint(repository, pointId, signal);
  const whole = options.cacheBytes ?? DEFAULT_CACHE_BYTES;
  const cacheBytes = Math.max(LEAST_CACHE_BYTES, Math.floor(whole / Math.max(1, point.disks.length)));
  const opened = point.disks.map((_, diskIndex) =>
    openDisk(repository, { point: pointId, diskIndex }, { cacheBytes, signal }),
  );
  return (await Promise.all(opened)).map(readable);
}

function readable(disk: RepositoryDisk): ReadableDisk {
  return {
    size: disk.size,
    async read(offset, length, signal) {
      for (;;) {
        if (signal.aborted) throw cancelled();
        try {
          return await disk.readAt(offset, length, signal);
        } catch (thrown) {
          const error = toAppError(thrown);
          // A fetch shared with another reader ends by that reader's signal; then this one fetches for itself.
          if (error.code !== 'cancelled' || signal.aborted) throw error;
        }
      }
    },
  };
}
