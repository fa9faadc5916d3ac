import { deletePoint, listPoints } from '../../../core/engine/index.ts';
import { matchingPoint, noSuchPoint } from './find-point.ts';
import { printResult } from './print-result.ts';
import { requireUnowned, withRepository } from './repo-context.ts';
import type { RepoCommandDeps, RepoOptions } from './repo-options.ts';

export async function forget(
  deps: RepoCommandDeps,
  ids: readonly string[],
  options: RepoOptions,
): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    await requireUnowned(repository, options);
    const known = await listPoints(repository, deps.io.signal, () => undefined);
    const found = ids.map((id) => matchingPoint(known, id)?.id ?? wholeId(id));
    for (const id of found) await deletePoint(repository, id, deps.io.signal);
    printResult(deps.io, options, { forgotten: found }, () => `Forgot ${found.length} restore points.\n`);
  });
}

/** A damaged point is not in the list, but its whole id names it. */
function wholeId(id: string): string {
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  throw noSuchPoint(id);
}
