import { mapInOrder } from '../concurrency.ts';
import { idFromName } from '../format/names.ts';
import { NumberSet } from '../packs/number-set.ts';
import { StoredPacks } from '../packs/stored-packs.ts';
import { readManifestOrFence } from '../points/read-manifest.ts';
import { listObjects } from '../repository/list-objects.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { type Condemnation, readCondemnations } from './condemnation.ts';
import { readAttempts } from './live-attempts.ts';
import { Marks } from './mark.ts';
import { MovedTables } from './moved-tables.ts';

const parallelReads = 16;

export interface SurveyOptions {
  readonly compactBelow: number;
  /** The collector's own attempt, which nothing has to wait for. */
  readonly self?: string;
  readonly signal?: AbortSignal;
}

/** What is stored, what of it is in use, and what could go. Packs go by their numbers in `packs`. */
export interface Survey {
  /** All packs there were when it began. */
  readonly packs: StoredPacks;
  readonly ended: readonly string[];
  readonly marks: Marks;
  readonly moved: MovedTables;
  readonly standing: readonly Condemnation[];
  /** Packs that nothing leads to. */
  readonly garbage: NumberSet;
  /** Packs that hold little besides what nothing leads to. */
  readonly sparse: NumberSet;
}

/** The order of the listings is what makes it safe: packs, then attempts, then points. */
export async function survey(state: OpenRepository, options: SurveyOptions): Promise<Survey> {
  const { signal, self } = options;
  const packs = await StoredPacks.list(state.store, signal);
  const { live, ended } = await readAttempts(state, signal);
  const others = live.filter((attempt) => attempt !== self);
  const standing = await readCondemnations(state, { live: others, numbers: packs.numbers }, signal);
  const marks = new Marks(state, packs.numbers);
  await markNewPoints(state, marks, signal);
  const moved = await MovedTables.load(state, packs, signal);
  moved.follow(marks);
  const busy = new Set([...live, ...(self === undefined ? [] : [self])]);
  const found = { packs, ended, marks, moved, standing };
  return { ...found, ...whatCouldGo(found, { busy, compactBelow: options.compactBelow }) };
}

function whatCouldGo(
  found: Pick<Survey, 'packs' | 'marks' | 'standing'>,
  limits: { readonly busy: ReadonlySet<string>; readonly compactBelow: number },
): Pick<Survey, 'garbage' | 'sparse'> {
  const { packs, marks } = found;
  const condemned = NumberSet.of(...found.standing.map((condemnation) => condemnation.packs));
  const [garbage, sparse] = [new NumberSet(), new NumberSet()];
  for (let pack = 0; pack < packs.size; pack++) {
    if (condemned.has(pack) || limits.busy.has(packs.numbers.attemptOf(pack))) continue;
    if (!marks.uses(pack)) garbage.add(pack);
    else if (marks.liveBytes(pack) < limits.compactBelow * packs.sizeOf(pack)) sparse.add(pack);
  }
  return { garbage, sparse };
}

/** Adds points that were not marked yet. */
export async function markNewPoints(
  state: OpenRepository,
  marks: Marks,
  signal?: AbortSignal,
): Promise<void> {
  const manifests = mapInOrder(
    listObjects(state.store, 'point', signal),
    { concurrency: parallelReads, signal },
    async ({ name }) =>
      marks.hasPoint(idFromName(name)) ? undefined : readManifestOrFence(state, name, signal),
  );
  for await (const manifest of manifests) {
    if (manifest !== undefined) await marks.addPoint(manifest, signal);
  }
}
