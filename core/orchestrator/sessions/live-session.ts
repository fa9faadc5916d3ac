import type {
  ErrorRecord,
  LogEntry,
  Progress,
  Session,
  SessionResult,
  SessionState,
  Step,
} from '../../contract/index.ts';
import type { LogStore, SessionStore } from '../../db/index.ts';
import { mayBecome, secondsLeft, speedMeter } from '../../domain/index.ts';
import type { Clock } from '../../host.ts';
import type { ProgressBytes } from '../../workloads/index.ts';
import type { EventHub } from '../events.ts';
import { pacedEvent } from './paced-events.ts';

export interface LiveSessionDeps {
  readonly sessions: SessionStore;
  readonly log: LogStore;
  readonly events: EventHub;
  readonly clock: Clock;
}

/** A session that has not ended: the one place that changes it, stores the change and tells the listeners. */
export interface LiveSession {
  readonly value: Session;
  become(state: SessionState): void;
  step(key: string, state: Step['state']): void;
  progress(bytes: ProgressBytes): void;
  log(level: LogEntry['level'], text: string, details?: Readonly<Record<string, string>>): void;
  end(
    state: 'succeeded' | 'failed' | 'cancelled',
    end: { readonly error: ErrorRecord | null; readonly result: SessionResult | null },
  ): void;
  /** Sends what is still waiting to be sent. */
  flush(): void;
}

/** Progress events per session: one every 250 ms at most. */
const progressPeriod = 250;

export function liveSession(stored: Session, deps: LiveSessionDeps): LiveSession {
  let session = stored;
  const meter = speedMeter();
  const progressEvent = pacedEvent(deps.clock, progressPeriod, () =>
    deps.events.emit({
      type: 'session.progress',
      sessionId: session.id,
      state: session.state,
      steps: session.steps,
      progress: session.progress,
    }),
  );
  const logEvent = pacedEvent(deps.clock, progressPeriod, () =>
    deps.events.changed('session-log', session.id),
  );
  const nowText = (): string => new Date(deps.clock.now()).toISOString();
  const save = (next: Session): void => {
    session = next;
    deps.sessions.save(session);
    progressEvent.request();
  };
  return {
    get value() {
      return session;
    },
    become(state) {
      if (session.state === state || !mayBecome(session.state, state)) return;
      save({ ...session, state, startedAt: session.startedAt ?? nowText() });
      deps.events.changed('session', session.id);
    },
    step(key, state) {
      save({
        ...session,
        progress: idleProgress(session.progress),
        steps: session.steps.map((step) => (step.key === key ? movedStep(step, state, nowText()) : step)),
      });
    },
    progress(bytes) {
      session = { ...session, progress: measured(bytes, meter.measure(bytes.doneBytes, deps.clock.now())) };
      progressEvent.request();
    },
    log(level, text, details = {}) {
      deps.log.append(session.id, { time: nowText(), level, text, details: { ...details } });
      logEvent.request();
    },
    end(state, { error, result }) {
      const progress = idleProgress(session.progress);
      const steps = session.steps.map((step) => endedStep(step, nowText()));
      save({
        ...session,
        state,
        endedAt: nowText(),
        startedAt: session.startedAt ?? nowText(),
        error,
        result,
        progress,
        steps,
      });
      progressEvent.flush();
      logEvent.flush();
      deps.events.changed('session', session.id);
    },
    flush() {
      progressEvent.flush();
      logEvent.flush();
    },
  };
}

function movedStep(step: Step, state: Step['state'], now: string): Step {
  if (state === 'waiting') return { ...step, state, startedAt: null, endedAt: null };
  if (state === 'running') return { ...step, state, startedAt: step.startedAt ?? now, endedAt: null };
  return { ...step, state, startedAt: step.startedAt ?? now, endedAt: now };
}

/** No step of an ended session still runs or waits. */
function endedStep(step: Step, now: string): Step {
  if (step.state === 'running') return movedStep(step, 'failed', now);
  return step.state === 'waiting' ? { ...step, state: 'skipped' } : step;
}

function measured(bytes: ProgressBytes, bytesPerSecond: number): Progress {
  const { totalBytes, doneBytes, storedBytes } = bytes;
  return {
    totalBytes,
    doneBytes,
    storedBytes,
    bytesPerSecond,
    secondsLeft: secondsLeft(totalBytes, doneBytes, bytesPerSecond),
  };
}

function idleProgress(progress: Progress | null): Progress | null {
  return progress && { ...progress, bytesPerSecond: 0, secondsLeft: null };
}
