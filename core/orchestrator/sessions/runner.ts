import { AppError, type Session, type SessionKind } from '../../contract/index.ts';
import type { Database, SessionRecord } from '../../db/index.ts';
import { isActive, newId } from '../../domain/index.ts';
import type { Clock, RandomBytes } from '../../host.ts';
import type { EventHub } from '../events.ts';
import { detachReason } from '../workers/index.ts';
import { executeSession } from './execute-session.ts';
import { type LiveSession, liveSession } from './live-session.ts';
import { busy, newSession, type StartRequest } from './new-session.ts';
import type { AnyProgram } from './program.ts';

export interface SessionRunnerDeps {
  readonly database: Database;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly programs: readonly AnyProgram[];
  /** Sessions that run at the same time; the others wait. */
  readonly concurrency: number;
  readonly stepPauses: readonly number[];
  /** Called after a session has ended and its resources were given back. */
  readonly onEnded: (session: Session) => void;
  /** Told when a session could not even store how it ended (a full disk); the next core takes it up. */
  readonly onBroken: (error: unknown) => void;
}

export interface SessionRunner {
  /** Stores the session and starts it as soon as there is room. Throws `conflict` when its key is taken. */
  start(request: StartRequest): Session;
  /** Asks a session to stop and clean up. Throws `not-found`; quiet when it has ended. */
  cancel(sessionId: string): void;
  /** The session with its progress of this moment. */
  find(sessionId: string): Session | null;
  /** The same for a session that was read from the database. */
  withProgress(session: Session): Session;
  /** Takes up the sessions that an earlier core left unfinished. */
  resume(): void;
  /** Resolves when no session runs or waits. */
  idle(): Promise<void>;
  /** Stops all sessions where they are; the next core takes them up. */
  close(): Promise<void>;
}

interface Running {
  readonly live: LiveSession;
  readonly controller: AbortController;
  readonly done: Promise<void>;
  readonly unlimited: boolean;
}

export function createSessionRunner(deps: SessionRunnerDeps): SessionRunner {
  const { database, events, clock } = deps;
  const running = new Map<string, Running>();
  const waiting: string[] = [];
  const stop = new AbortController();

  const programOf = (kind: SessionKind, input: unknown): AnyProgram => {
    const program = deps.programs.find(
      (candidate) =>
        candidate.kind === kind && (candidate.workload === null || candidate.workload === workloadOf(input)),
    );
    if (!program)
      throw new AppError('not-supported', { message: `This Cairn cannot run a ${kind} session.` });
    return program;
  };

  /** An unlimited one never waits; of the others the oldest go first as long as there is room. */
  const pump = (): void => {
    for (const id of waiting.splice(0)) {
      if (stop.signal.aborted) return;
      const record = database.sessions.find(id);
      if (!record || !isActive(record.session.state)) continue;
      const unlimited = isUnlimited(record);
      const counted = [...running.values()].filter((other) => !other.unlimited).length;
      if (unlimited || counted < deps.concurrency) launch(record, unlimited);
      else waiting.push(id);
    }
  };

  const isUnlimited = ({ session }: SessionRecord): boolean =>
    deps.programs.find(({ kind }) => kind === session.kind)?.unlimited ?? false;

  const launch = (record: SessionRecord, unlimited: boolean): void => {
    const { session } = record;
    const live = liveSession(session, { sessions: database.sessions, log: database.log, events, clock });
    const controller = new AbortController();
    if (session.state === 'cancelling') controller.abort();
    const { stepPauses } = deps;
    const program = () => programOf(session.kind, record.input);
    const signals = { cancel: controller.signal, stop: stop.signal };
    const done = executeSession({ database, clock, stepPauses, program, live, ...signals }, record)
      .catch(deps.onBroken)
      .then(() => {
        live.flush();
        running.delete(session.id);
        if (live.value.endedAt !== null) deps.onEnded(live.value);
        pump();
      });
    running.set(session.id, { live, controller, done, unlimited });
  };

  return {
    start(request) {
      const holder = database.sessions.holder(request.exclusiveKey);
      if (holder) throw busy(request, holder);
      const session = newSession(request, {
        id: request.sessionId ?? newId(deps.random),
        now: new Date(clock.now()).toISOString(),
        titles: programOf(request.kind, request.input).stepTitles(request.input),
      });
      const { exclusiveKey, input } = request;
      database.sessions.insert({ session, exclusiveKey, input, memory: {}, outcome: null });
      events.changed('session', session.id);
      waiting.push(session.id);
      queueMicrotask(pump);
      return session;
    },
    cancel(sessionId) {
      const record = database.sessions.find(sessionId);
      if (!record) throw new AppError('not-found', { message: 'There is no such session.' });
      const active = running.get(sessionId);
      if (active) {
        active.live.become('cancelling');
        active.live.log('info', 'Cancelling, as asked for.');
        active.controller.abort();
      } else if (isActive(record.session.state)) {
        database.sessions.save({ ...record.session, state: 'cancelling' });
        events.changed('session', sessionId);
      }
    },
    find(sessionId) {
      return running.get(sessionId)?.live.value ?? database.sessions.find(sessionId)?.session ?? null;
    },
    withProgress: (session) => running.get(session.id)?.live.value ?? session,
    resume() {
      for (const { session } of database.sessions.unfinished()) {
        if (session.state === 'running') {
          database.sessions.save({ ...session, state: 'resuming' });
          const time = new Date(clock.now()).toISOString();
          const text = 'Cairn was stopped while this session ran; it goes on from its last finished step.';
          database.log.append(session.id, { time, level: 'info', text, details: {} });
        }
        waiting.push(session.id);
      }
      pump();
    },
    async idle() {
      for (;;) {
        await Promise.resolve();
        const all = [...running.values()].map(({ done }) => done);
        if (all.length === 0 && waiting.length === 0) return;
        await Promise.all(all);
      }
    },
    async close() {
      stop.abort(detachReason);
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

function workloadOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'workload' in input ? input.workload : null;
}
