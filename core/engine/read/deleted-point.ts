import { AppError } from '../../contract/index.ts';
import type { RepositoryDisk } from '../model.ts';
import { noSuchPoint, pointName } from '../points/read-manifest.ts';
import type { OpenRepository } from '../repository/open-state.ts';

/**
 * Runs a read of a point that may be deleted meanwhile. Blocks that are gone because of that are not damage:
 * then the error is `not-found`, as for any point that is not there.
 */
export async function readingPoint<T>(
  repository: OpenRepository,
  pointId: string,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    const missing = thrown instanceof AppError && thrown.code === 'damaged';
    if (missing && (await repository.store.head(pointName(pointId))) === undefined)
      throw noSuchPoint(pointId);
    throw thrown;
  }
}

/** The disk of a point, which tells a deleted point from a damaged one. */
export function diskOfPoint(
  repository: OpenRepository,
  pointId: string,
  disk: RepositoryDisk,
): RepositoryDisk {
  return {
    size: disk.size,
    blockSize: disk.blockSize,
    readAt: (offset, length, signal) =>
      readingPoint(repository, pointId, () => disk.readAt(offset, length, signal)),
    async *extents(options) {
      const extents = disk.extents(options)[Symbol.asyncIterator]();
      for (;;) {
        const next = await readingPoint(repository, pointId, () => extents.next());
        if (next.done === true) return;
        yield next.value;
      }
    },
  };
}
