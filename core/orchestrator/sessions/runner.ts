import { AppError, type Session, type SessionKind, toAppError } from '../../contract/index.ts';
import type { Database, Outcome, SessionRecord } from '../../db/index.ts';
import { isActive, newId } from '../../domain/index.ts';
import type { Clock, RandomBytes } from '../../host.ts';
import type { EventHub } from '../events.ts';
import { detachReason } from '../workers/index.ts';
import { type LiveSession, liveSession } from './live-session.ts';
import type { AnyProgram, BoundProgram } from './program.ts';
import { runSteps } from './run-steps.ts';

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
}

export interface StartRequest {
  readonly kind: SessionKind;
  readonly title: string;
  readonly input: unknown;
  /** Two sessions with the same key never run at the same time. */
  readonly exclusiveKey: string;
  /** What to tell when that key is taken. */
  readonly busyMessage: string;
  readonly resourceId?: string;
  readonly resourceName?: string;
  readonly repositoryId?: string;
  /** Chosen by the caller when something must be stored under it beforehand. */
  readonly sessionId?: string;
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

  const pump = (): void => {
    while (!stop.signal.aborted && running.size < deps.concurrency) {
      const id = waiting.shift();
      if (id === undefined) return;
      const record = database.sessions.find(id);
      if (record && isActive(record.session.state)) launch(record);
    }
  };

  const launch = (record: SessionRecord): void => {
    const live = liveSession(record.session, {
      sessions: database.sessions,
      log: database.log,
      events,
      clock,
    });
    const controller = new AbortController();
    const id = record.session.id;
    if (record.session.state === 'cancelling') controller.abort();
    const done = execute(record, live, controller.signal).finally(() => {
      live.flush();
      running.delete(id);
      pump();
    });
    running.set(id, { live, controller, done });
  };

  const execute = async (record: SessionRecord, live: LiveSession, cancel: AbortSignal): Promise<void> => {
    const signal = AbortSignal.any([cancel, stop.signal]);
    try {
      const program = programOf(live.value.kind, record.input).bind(record, {
        sessionId: live.value.id,
        save: (memory) => database.sessions.remember(live.value.id, memory),
        log: live.log,
        progress: live.progress,
      });
      let outcome = record.outcome;
      if (!outcome) outcome = await attempt(live, program, signal, cancel);
      if (stop.signal.aborted) return;
      await finish(live, program, outcome);
    } catch (thrown) {
      if (stop.signal.aborted) return;
      failUnbound(live, toAppError(thrown));
    }
  };

  /** Null when every step is done. */
  const attempt = async (
    live: LiveSession,
    program: BoundProgram,
    signal: AbortSignal,
    cancel: AbortSignal,
  ): Promise<Outcome | null> => {
    try {
      if (!cancel.aborted) live.become('running');
      await runSteps(live, program, { clock, pauses: deps.stepPauses }, signal);
      return null;
    } catch (thrown) {
      if (stop.signal.aborted && !cancel.aborted) return null;
      const error = toAppError(thrown);
      const outcome: Outcome = cancel.aborted
        ? { state: 'cancelled', error: cancelledError() }
        : { state: 'failed', error: error.toRecord() };
      database.sessions.setOutcome(live.value.id, outcome);
      logOutcome(live, outcome);
      return outcome;
    }
  };

  const finish = async (live: LiveSession, program: BoundProgram, outcome: Outcome | null): Promise<void> => {
    if (outcome) {
      if (outcome.state === 'cancelled') live.become('cancelling');
      await cleanUp(live, program);
      if (stop.signal.aborted) return;
    }
    await program.ended(stop.signal).catch((error) => logTrouble(live, 'Could not forget', error));
    if (outcome)
      live.end(outcome.state, { error: outcome.state === 'failed' ? outcome.error : null, result: null });
    else live.end('succeeded', { error: null, result: program.result() });
    deps.onEnded(live.value);
  };

  const cleanUp = async (live: LiveSession, program: BoundProgram): Promise<void> => {
    try {
      await program.cleanUp(stop.signal);
    } catch (thrown) {
      if (!stop.signal.aborted)
        logTrouble(live, 'Not everything could be removed; it is tried again later', thrown);
    }
  };

  const failUnbound = (live: LiveSession, error: AppError): void => {
    live.log('error', error.message, { code: error.code, ...error.details });
    live.end('failed', { error: error.toRecord(), result: null });
    deps.onEnded(live.value);
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

function newSession(
  request: StartRequest,
  made: {
    readonly id: string;
    readonly now: string;
    readonly titles: readonly { key: string; title: string }[];
  },
): Session {
  return {
    id: made.id,
    kind: request.kind,
    state: 'queued',
    title: request.title,
    resourceId: request.resourceId ?? null,
    resourceName: request.resourceName ?? null,
    repositoryId: request.repositoryId ?? null,
    createdAt: made.now,
    startedAt: null,
    endedAt: null,
    steps: made.titles.map(({ key, title }) => ({
      key,
      title,
      state: 'waiting',
      startedAt: null,
      endedAt: null,
    })),
    progress: null,
    error: null,
    result: null,
  };
}

function busy(request: StartRequest, holder: Session): AppError {
  return new AppError('conflict', {
    message: request.busyMessage,
    hint: 'Wait until that session has ended, or cancel it.',
    retryable: true,
    details: { sessionId: holder.id },
  });
}

function cancelledError() {
  return new AppError('cancelled', { message: 'The session was cancelled.' }).toRecord();
}

function logOutcome(live: LiveSession, outcome: Outcome): void {
  if (outcome.state === 'cancelled') {
    live.log('warning', 'Cancelled; removing what it had made.');
    return;
  }
  const { message, hint, code, details } = outcome.error;
  live.log('error', hint === '' ? message : `${message} ${hint}`, { code, ...details });
}

function logTrouble(live: LiveSession, what: string, thrown: unknown): void {
  const error = toAppError(thrown);
  live.log('warning', `${what}: ${error.message}`, { code: error.code, ...error.details });
}
