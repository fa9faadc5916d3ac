import { packName } from '../format/names.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { type Condemnation, withdrawCondemnation } from './condemnation.ts';
import type { MovedTables } from './moved-tables.ts';
import { rewriteIndex } from './rewrite-index.ts';
import type { Survey } from './survey.ts';

export interface SweepJob {
  readonly found: Survey;
  /** Condemnations that nobody has to be waited for any more. */
  readonly due: readonly Condemnation[];
  /** Every pack there is. */
  readonly kept: ReadonlySet<string>;
  readonly signal: AbortSignal | undefined;
}

/** Removes what is condemned and still not needed; what a point came to need meanwhile is spared. */
export async function sweep(state: OpenRepository, job: SweepJob): Promise<string[]> {
  const { found, due, signal } = job;
  const condemned = new Set(due.flatMap((condemnation) => condemnation.packs));
  const remaining = new Set([...job.kept].filter((pack) => !condemned.has(pack)));
  const removed = [...condemned].filter((pack) => isDispensable(pack, found, remaining));
  const spared = new Set([...condemned].filter((pack) => !removed.includes(pack)));
  for (const pack of removed) await state.store.delete(packName(pack), signal);
  await rewriteIndex(state, new Set(removed), signal);
  await dropMovedTables(state, found.moved, new Set([...remaining, ...spared]), signal);
  for (const condemnation of due) await withdrawCondemnation(state, condemnation.id, signal);
  return removed.filter((pack) => found.packs.has(pack));
}

function isDispensable(pack: string, found: Survey, remaining: ReadonlySet<string>): boolean {
  const use = found.marks.packs.get(pack);
  if (use === undefined) return true;
  for (const slot of use.slots()) {
    if (!found.moved.survives({ pack, slot }, remaining)) return false;
  }
  return true;
}

/** A table whose every target is gone leads nowhere. */
async function dropMovedTables(
  state: OpenRepository,
  moved: MovedTables,
  remaining: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<void> {
  for (const name of moved.unreadable) await state.store.delete(name, signal);
  for (const { name, blocks } of moved.tables) {
    const useful = blocks.some(
      ({ to }) => remaining.has(to.pack) || moved.survives({ pack: to.pack, slot: to.slot }, remaining),
    );
    if (!useful) await state.store.delete(name, signal);
  }
}
