import { mapInOrder } from '../concurrency.ts';
import { attemptOfPack, idFromName, packIdFromName, prefixes } from '../format/names.ts';
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

/** What is stored, what of it is in use, and what could go. */
export interface Survey {
  /** Sizes of all packs there were when it began. */
  readonly packs: Map<string, number>;
  readonly ended: readonly string[];
  readonly marks: Marks;
  readonly moved: MovedTables;
  readonly standing: readonly Condemnation[];
  /** Packs that nothing leads to. */
  readonly garbage: readonly string[];
  /** Packs that hold little besides what nothing leads to. */
  readonly sparse: readonly string[];
}

/** The order of the listings is what makes it safe: packs, then attempts, then points. */
export async function survey(state: OpenRepository, options: SurveyOptions): Promise<Survey> {
  const { signal, self } = options;
  const packs = await listPacks(state, signal);
  const { live, ended } = await readAttempts(state, signal);
  const others = live.filter((attempt) => attempt !== self);
  const standing = await readCondemnations(state, others, signal);
  const marks = new Marks(state);
  await markNewPoints(state, marks, signal);
  const moved = await MovedTables.load(state, packs, signal);
  moved.follow(marks);
  const busy = new Set([...live, ...(self === undefined ? [] : [self])]);
  const condemned = new Set(standing.flatMap((condemnation) => condemnation.packs));
  const open = [...packs.keys()].filter((pack) => !busy.has(attemptOfPack(pack)) && !condemned.has(pack));
  const garbage = open.filter((pack) => !marks.packs.has(pack));
  const sparse = open.filter((pack) => {
    const use = marks.packs.get(pack);
    return use !== undefined && use.liveBytes < options.compactBelow * (packs.get(pack) ?? 0);
  });
  return { packs, ended, marks, moved, standing, garbage, sparse };
}

async function listPacks(state: OpenRepository, signal?: AbortSignal): Promise<Map<string, number>> {
  const packs = new Map<string, number>();
  for await (const { name, size } of state.store.list(prefixes.packs, signal)) {
    const packId = packIdFromName(name);
    if (packId !== undefined) packs.set(packId, size);
  }
  return packs;
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
