import { AppError } from '../../contract/index.ts';
import type { Database, PointRecord } from '../../db/index.ts';
import type { OrchestratorContext } from '../context.ts';
import { pacedEvent } from '../sessions/index.ts';
import { LiveRecovery } from './live-recovery.ts';
import type { RecoveryInput, RecoveryRun } from './recovery-program.ts';
import type { FileRoadOpener, SharedItem } from './road.ts';
import { recordTaken, takenSentence } from './taken-record.ts';

export type FileRoadOpeners = Readonly<Record<RecoveryInput['road'], FileRoadOpener>>;

/** The file recovery sessions that run in this core. */
export interface LiveRecoveries {
  /** The running session's, made now if need be. Throws `not-found` when its restore point is not known any more. */
  of(run: RecoveryRun): LiveRecovery;
  find(sessionId: string): LiveRecovery | null;
  /** Closes what is open and removes what the road made for it. */
  end(run: RecoveryRun): Promise<void>;
  forget(sessionId: string): void;
  /** Gives back what this process holds; the sessions stay as they are for the next core. */
  close(): Promise<void>;
}

export interface LiveRecoveriesDeps {
  readonly context: OrchestratorContext;
  readonly openers: FileRoadOpeners;
}

/** Uses move the time of closing; it is stored and told no more often than this. */
const storePeriodMs = 30_000;
const tellPeriodMs = 5_000;

export function createLiveRecoveries(deps: LiveRecoveriesDeps): LiveRecoveries {
  const { context, openers } = deps;
  const all = new Map<string, LiveRecovery>();
  const of = (run: RecoveryRun): LiveRecovery => {
    const known = all.get(run.sessionId);
    if (known) return known;
    const made = newRecovery(deps, run, knownPoint(context.database, run.input.pointId));
    all.set(run.sessionId, made);
    return made;
  };
  return {
    of,
    find: (sessionId) => all.get(sessionId) ?? null,
    async end(run) {
      const live = of(run);
      await live.end();
      await openers[run.input.road].remove(live.request, run.signal);
    },
    forget(sessionId) {
      all.delete(sessionId);
      context.events.changed('file-recovery', sessionId);
    },
    async close() {
      await Promise.all([...all.values()].map((live) => live.release('Cairn is closing.')));
    },
  };
}

export function knownPoint(database: Database, pointId: string): PointRecord {
  const point = database.points.find(pointId);
  if (point) return point;
  throw new AppError('not-found', {
    message: 'There is no such restore point any more.',
    hint: 'Look at the list of restore points again.',
    details: { pointId },
  });
}

function newRecovery(
  { context, openers }: LiveRecoveriesDeps,
  run: RecoveryRun,
  point: PointRecord,
): LiveRecovery {
  const { clock } = context.host;
  const { closesAt } = run.memory;
  const tell = () => context.events.changed('file-recovery', run.sessionId);
  const moved = pacedEvent(clock, tellPeriodMs, tell);
  const store = storedTime(run);
  return new LiveRecovery({
    sessionId: run.sessionId,
    point,
    accountId: run.input.accountId,
    source: run.input.source,
    idleMinutes: run.input.idleMinutes,
    closesAt: closesAt === null ? null : Date.parse(closesAt),
    opener: openers[run.input.road],
    clock,
    onLog: run.log,
    onTaken: (item) => recordShared(context, run, point, item),
    onChanged: tell,
    onMoved(at) {
      store(at);
      moved.request();
    },
  });
}

/** What left over a share link is recorded as what the console takes is. */
function recordShared(
  context: OrchestratorContext,
  { sessionId, log }: RecoveryRun,
  point: PointRecord,
  { by, target, sha256, outcome, ...part }: SharedItem,
): void {
  const occasion = { by, sessionId, way: 'shared' as const, target, sha256, outcome };
  recordTaken(context, { point, ...occasion }, [part]);
  log('info', takenSentence(occasion, [part]), sha256 === null ? {} : { sha256 });
}

/** Writes the time of closing down when it moved back, or forward by more than a little. */
function storedTime(run: RecoveryRun): (closesAt: number) => void {
  let stored = run.memory.closesAt === null ? 0 : Date.parse(run.memory.closesAt);
  return (closesAt) => {
    if (closesAt >= stored && closesAt - stored < storePeriodMs) return;
    stored = closesAt;
    run.remember({ closesAt: new Date(closesAt).toISOString() });
  };
}
