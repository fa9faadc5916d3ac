import { AppError } from '../../contract/index.ts';
import { mapInOrder } from '../concurrency.ts';
import { prefixes } from '../format/names.ts';
import type { Repository, RestorePoint } from '../model.ts';
import { listObjects } from '../repository/list-objects.ts';
import { opened } from '../repository/open-state.ts';
import { readManifest, readManifestOrFence, restorePointOf } from './read-manifest.ts';

const parallelReads = 16;

/**
 * Every restore point, oldest first. One damaged manifest does not hide the others: it is told to `onDamaged`
 * with the id of its point; without a listener the first one is thrown.
 */
export async function listPoints(
  repository: Repository,
  signal?: AbortSignal,
  onDamaged?: (pointId: string, error: AppError) => void,
): Promise<RestorePoint[]> {
  const state = opened(repository);
  const points: RestorePoint[] = [];
  const read = mapInOrder(
    listObjects(state.store, 'point', signal),
    { concurrency: parallelReads, signal },
    async ({ name }) => {
      try {
        return await readManifestOrFence(state, name, signal);
      } catch (thrown) {
        if (onDamaged === undefined || !(thrown instanceof AppError) || thrown.code !== 'damaged')
          throw thrown;
        onDamaged(name.slice(prefixes.points.length), thrown);
        return undefined;
      }
    },
  );
  for await (const manifest of read) {
    if (manifest !== undefined) points.push(restorePointOf(manifest));
  }
  return points.sort((left, right) => compare(left.createdAt, right.createdAt) || compare(left.id, right.id));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `not-found` when there is no such point. */
export async function readPoint(
  repository: Repository,
  pointId: string,
  signal?: AbortSignal,
): Promise<RestorePoint> {
  return restorePointOf(await readManifest(opened(repository), pointId, signal));
}
