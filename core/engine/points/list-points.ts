import { mapInOrder } from '../concurrency.ts';
import { prefixes } from '../format/names.ts';
import type { Repository, RestorePoint } from '../model.ts';
import { opened } from '../repository/open-state.ts';
import { readManifest, readManifestOrFence, restorePointOf } from './read-manifest.ts';

const parallelReads = 16;

/** Every restore point, oldest first. `damaged` names the first manifest that cannot be read. */
export async function listPoints(repository: Repository, signal?: AbortSignal): Promise<RestorePoint[]> {
  const state = opened(repository);
  const points: RestorePoint[] = [];
  const read = mapInOrder(
    state.store.list(prefixes.points, signal),
    { concurrency: parallelReads, signal },
    ({ name }) => readManifestOrFence(state, name, signal),
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
