import { AppError, type FileComparison, type ParsedInput, toAppError } from '../../contract/index.ts';
import { newId } from '../../domain/index.ts';
import { type ComparedPlace, comparePlaces } from '../../files/index.ts';
import type { FileRecoveryDeps, UsedRecovery } from './file-recovery-service.ts';
import { knownPoint } from './live-recoveries.ts';
import { openPointDirectly } from './opened-points.ts';

/** Comparisons of two places, worked out in the background. */
export interface Comparisons {
  /** Answers the comparison's id. Throws when a side cannot be opened for it. */
  start(input: ParsedInput<'files.compare'>): string;
  /** What is known of it now. The last few are kept. */
  get(comparisonId: string): FileComparison;
  close(): Promise<void>;
}

export interface ComparisonDeps extends Pick<FileRecoveryDeps, 'context' | 'openers'> {
  use(sessionId: string): UsedRecovery;
}

const keptComparisons = 20;
/** Differences that are kept, as all of them are sent at once. */
const keptDifferences = 2_000;

/** A side of a comparison that was opened for it. */
interface OpenedSide extends ComparedPlace {
  readonly ended: AbortSignal | null;
  close(): Promise<void>;
}

type Side = ParsedInput<'files.compare'>['left'];
type OpenSide = (signal: AbortSignal) => Promise<OpenedSide>;

export function createComparisons(deps: ComparisonDeps): Comparisons {
  const all = new Map<string, FileComparison>();
  const closing = new AbortController();
  let last: Promise<void> = Promise.resolve();
  const run = async (id: string, left: OpenSide, right: OpenSide): Promise<void> => {
    const show = (patch: Partial<FileComparison>) => {
      const known = all.get(id);
      if (known) all.set(id, { ...known, ...patch });
    };
    try {
      show({ ...(await compare(left, right, closing.signal, show)), state: 'done' });
    } catch (thrown) {
      show({ state: 'failed', error: toAppError(thrown).toRecord() });
    }
  };
  return {
    start(input) {
      const [left, right] = [opening(deps, input.left), opening(deps, input.right)];
      const id = newId(deps.context.host.random);
      all.set(id, begun);
      const [oldest] = all.keys();
      if (all.size > keptComparisons && oldest !== undefined) all.delete(oldest);
      // One after another: each may hold two restore points open.
      last = last.then(() => run(id, left, right));
      return id;
    },
    get(comparisonId) {
      const found = all.get(comparisonId);
      if (found) return found;
      throw new AppError('not-found', {
        message: 'There is no such comparison any more.',
        hint: 'Compare again.',
      });
    },
    async close() {
      closing.abort();
      await last;
    },
  };
}

const begun: FileComparison = {
  state: 'working',
  error: null,
  entriesCompared: 0,
  bytesCompared: 0,
  differences: [],
  more: false,
  lines: null,
};

/** Checks now what can be known now; opens when its turn comes. */
function opening(deps: ComparisonDeps, { sessionId, pointId, ...place }: Side): OpenSide {
  if (sessionId !== undefined) {
    const { service, ended } = deps.use(sessionId);
    return async () => ({ ...place, service, ended, close: async () => undefined });
  }
  if (pointId === undefined) throw noWay();
  const point = knownPoint(deps.context.database, pointId);
  return async (signal) => {
    const { service, close } = await openPointDirectly(deps, point, signal);
    return { ...place, service, ended: null, close };
  };
}

async function compare(
  openLeft: OpenSide,
  openRight: OpenSide,
  closing: AbortSignal,
  show: (patch: Partial<FileComparison>) => void,
): Promise<Partial<FileComparison>> {
  const left = await openLeft(closing);
  try {
    const right = await openRight(closing);
    try {
      const ended = [left.ended, right.ended].filter((signal) => signal !== null);
      return await comparePlaces(left, right, {
        signal: AbortSignal.any([closing, ...ended]),
        content: 'where-times-differ',
        limit: keptDifferences,
        onProgress: show,
      });
    } finally {
      await right.close();
    }
  } finally {
    await left.close();
  }
}

function noWay(): AppError {
  return new AppError('invalid-input', {
    message: 'Each side of a comparison needs a session or a restore point.',
    details: { field: 'sessionId' },
  });
}
