import { mapInOrder } from '../concurrency.ts';
import { packName } from '../format/names.ts';
import { NumberSet } from '../packs/number-set.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { type Condemnation, withdrawCondemnation } from './condemnation.ts';
import { rewriteIndex } from './rewrite-index.ts';
import type { Survey } from './survey.ts';

const parallelDeletes = 16;

export interface SweepJob {
  readonly found: Survey;
  /** Condemnations that nobody has to be waited for any more. */
  readonly due: readonly Condemnation[];
  /** Packs that hold the copies of compacted blocks. */
  readonly copies: NumberSet;
  readonly signal: AbortSignal | undefined;
}

/** Removes what is condemned and still not needed; what a point came to need meanwhile is spared. */
export async function sweep(state: OpenRepository, job: SweepJob): Promise<NumberSet> {
  const { found, due, signal } = job;
  const { packs, moved } = found;
  const condemned = NumberSet.of(...due.map((condemnation) => condemnation.packs));
  const remains = (pack: number) => (packs.holds(pack) || job.copies.has(pack)) && !condemned.has(pack);
  const removed = new NumberSet();
  for (const pack of condemned) if (isDispensable(pack, found, remains)) removed.add(pack);
  await deletePacks(state, { found, removed }, signal);
  const isGone = (packId: string) => removed.has(packs.numbers.numberOf(packId) ?? -1);
  await rewriteIndex(state, removed.size === 0 ? undefined : isGone, signal);
  const isLeft = (pack: number) => remains(pack) || (condemned.has(pack) && !removed.has(pack));
  for (const name of moved.unreadable) await state.store.delete(name, signal);
  for (const name of moved.useless(isLeft)) await state.store.delete(name, signal);
  for (const condemnation of due) await withdrawCondemnation(state, condemnation.id, signal);
  return removed;
}

function isDispensable(pack: number, found: Survey, remains: (pack: number) => boolean): boolean {
  for (const slot of found.marks.slots(pack)) {
    if (!found.moved.survives({ pack, slot }, remains)) return false;
  }
  return true;
}

async function deletePacks(
  state: OpenRepository,
  job: { readonly found: Survey; readonly removed: NumberSet },
  signal?: AbortSignal,
): Promise<void> {
  const { numbers } = job.found.packs;
  const deletions = mapInOrder(job.removed, { concurrency: parallelDeletes, signal }, (pack) =>
    state.store.delete(packName(numbers.idOf(pack)), signal),
  );
  for await (const _ of deletions);
}
