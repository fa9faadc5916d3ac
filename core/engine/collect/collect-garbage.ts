import { AppError } from '../../contract/index.ts';
import { beginAttempt, endAttempt } from '../backup/attempt.ts';
import { prefixes } from '../format/names.ts';
import type { Repository } from '../model.ts';
import { NumberSet } from '../packs/number-set.ts';
import { pointName } from '../points/read-manifest.ts';
import { type OpenRepository, opened } from '../repository/open-state.ts';
import { Compactor } from './compact.ts';
import { publishCondemnation } from './condemnation.ts';
import { fenceAbandoned, putFence } from './live-attempts.ts';
import { markNewPoints, type Survey, type SurveyOptions, survey } from './survey.ts';
import { sweep } from './sweep.ts';

export interface CollectOptions {
  /** Only says what it would do. */
  readonly dryRun?: boolean;
  /** Data packs of which less than this part is in use are rewritten. 0 rewrites none. Default 0.5. */
  readonly compactBelow?: number;
  /** Attempts older than this many milliseconds are given up. Default 7 days. */
  readonly abandonAfter?: number;
  readonly signal?: AbortSignal;
}

export interface CollectReport {
  readonly packs: number;
  readonly bytes: number;
  /** Sealed bytes that points lead to. */
  readonly liveBytes: number;
  /** Packs and bytes gone (or, in a dry run, that would go at once or after the attempts below ended). */
  readonly removedPacks: number;
  readonly removedBytes: number;
  readonly compactedPacks: number;
  readonly copiedBytes: number;
  /** Attempts that some packs still wait for; run again when they have ended. */
  readonly waitsFor: readonly string[];
}

const week = 7 * 24 * 3600 * 1000;
const defaultCompactBelow = 0.5;

/**
 * Frees what no restore point leads to. Safe beside running backups and restores and after any crash
 * (`docs/concurrency.md`). `damaged` when a map cannot be read: then it is unknown what is in use, and nothing
 * is removed.
 */
export async function collectGarbage(
  repository: Repository,
  options: CollectOptions = {},
): Promise<CollectReport> {
  const state = opened(repository);
  if (options.dryRun === true) return wouldCollect(state, options);
  const { abandonAfter = week, signal } = options;
  await fenceAbandoned(state, { abandonAfter, signal });
  const attempt = await beginAttempt(state, signal);
  try {
    return await collect(state, attempt, options);
  } finally {
    await endCollection(state, attempt);
  }
}

async function wouldCollect(state: OpenRepository, options: CollectOptions): Promise<CollectReport> {
  const found = await survey(state, surveyOptions(options));
  const waitsFor = [...new Set(found.standing.flatMap((condemnation) => condemnation.waitsFor))];
  const condemned = found.standing.map(({ packs }) => packs);
  const removed = NumberSet.of(found.garbage, found.sparse, ...condemned);
  return reportOf(found, { removed, compacted: found.sparse, waitsFor });
}

async function collect(
  state: OpenRepository,
  attempt: string,
  options: CollectOptions,
): Promise<CollectReport> {
  const { signal } = options;
  const found = await survey(state, { ...surveyOptions(options), self: attempt });
  for (const ended of found.ended) await state.store.delete(prefixes.writers + ended, signal);
  const compactor = new Compactor(state, attempt, { signal });
  const compacted = await compactAll(compactor, found);
  await claimCopies(state, attempt, signal);
  const { numbers } = found.packs;
  const copies = NumberSet.of(compactor.packs.map((packId) => numbers.add(packId)));
  const doomed = NumberSet.of(found.garbage, compacted);
  const fresh =
    doomed.size === 0
      ? []
      : [await publishCondemnation(state, { id: attempt, packs: doomed, numbers }, signal)];
  const condemnations = [...found.standing, ...fresh];
  await markNewPoints(state, found.marks, signal);
  found.moved.follow(found.marks);
  const due = condemnations.filter((condemnation) => condemnation.waitsFor.length === 0);
  const removed = await sweep(state, { found, due, copies, signal });
  const waitsFor = [...new Set(condemnations.flatMap((condemnation) => condemnation.waitsFor))];
  return reportOf(found, { removed, compacted, waitsFor });
}

function surveyOptions(options: CollectOptions): SurveyOptions {
  return { compactBelow: options.compactBelow ?? defaultCompactBelow, signal: options.signal };
}

/** A pack with a damaged block stays as it is: what is left of it may still be needed to heal. */
async function compactAll(compactor: Compactor, found: Survey): Promise<NumberSet> {
  const compacted = new NumberSet();
  const { packs, marks, moved } = found;
  for (const pack of found.sparse) {
    try {
      const tables = await compactor.compact(packs.numbers.idOf(pack), marks.slots(pack));
      for (const table of tables) moved.add(table);
      compacted.add(pack);
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'damaged') throw thrown;
    }
  }
  for (const table of await compactor.finish()) moved.add(table);
  return compacted;
}

/**
 * From here on the copies stand for the originals, so nobody may have given this collector up meanwhile: its own
 * fence proves that, because a second one under the same name is refused.
 */
async function claimCopies(state: OpenRepository, attempt: string, signal?: AbortSignal): Promise<void> {
  if (await putFence(state, attempt, signal)) return;
  throw new AppError('conflict', {
    message: 'The collection took so long that it was given up.',
    hint: 'Run it again.',
    retryable: true,
  });
}

/** The record first: without it, and without the fence, nothing is left that could look alive. */
async function endCollection(state: OpenRepository, attempt: string): Promise<void> {
  await endAttempt(state, attempt);
  await state.store.delete(pointName(attempt), AbortSignal.timeout(10_000)).catch(() => undefined);
}

function reportOf(
  found: Survey,
  done: Pick<CollectReport, 'waitsFor'> & {
    readonly removed: NumberSet;
    readonly compacted: NumberSet;
  },
): CollectReport {
  const { packs, marks } = found;
  let [bytes, liveBytes] = [0, 0];
  for (let pack = 0; pack < packs.size; pack++) {
    bytes += packs.sizeOf(pack);
    liveBytes += marks.liveBytes(pack);
  }
  return {
    packs: packs.size,
    bytes,
    liveBytes,
    removedPacks: countOf(done.removed, packs),
    removedBytes: sumOver(done.removed, (pack) => packs.sizeOf(pack)),
    compactedPacks: done.compacted.size,
    copiedBytes: sumOver(done.compacted, (pack) => marks.liveBytes(pack)),
    waitsFor: done.waitsFor,
  };
}

/** Packs that somebody else removed after they were condemned do not count. */
function countOf(set: NumberSet, packs: Survey['packs']): number {
  return sumOver(set, (pack) => (packs.holds(pack) ? 1 : 0));
}

function sumOver(set: NumberSet, amountOf: (pack: number) => number): number {
  let sum = 0;
  for (const pack of set) sum += amountOf(pack);
  return sum;
}
