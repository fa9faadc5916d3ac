import { AppError } from '../../contract/index.ts';
import { prefixes } from '../format/names.ts';
import type { Repository } from '../model.ts';
import { type OpenRepository, opened } from '../repository/open-state.ts';
import { pointName, readManifest } from './read-manifest.ts';

/**
 * Forgets a point; its space comes back with `collectGarbage`. `not-found` when there is no such point.
 * A writer's record left behind goes first: without it and without the point the attempt is over for good.
 */
export async function deletePoint(
  repository: Repository,
  pointId: string,
  signal?: AbortSignal,
): Promise<void> {
  const state = opened(repository);
  await requirePoint(state, pointId, signal);
  await state.store.delete(prefixes.writers + pointId, signal);
  await state.store.delete(pointName(pointId), signal);
}

/** A point whose manifest is damaged can be deleted like any other. */
async function requirePoint(state: OpenRepository, pointId: string, signal?: AbortSignal): Promise<void> {
  try {
    await readManifest(state, pointId, signal);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'damaged') throw thrown;
  }
}
