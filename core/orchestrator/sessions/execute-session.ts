import { AppError, toAppError } from '../../contract/index.ts';
import type { Database, Outcome, SessionRecord } from '../../db/index.ts';
import type { Clock } from '../../host.ts';
import type { LiveSession } from './live-session.ts';
import type { AnyProgram, BoundProgram } from './program.ts';
import { runSteps } from './run-steps.ts';

export interface Execution {
  readonly database: Database;
  readonly clock: Clock;
  readonly stepPauses: readonly number[];
  /** Throws when this core has none for the session. */
  readonly program: () => AnyProgram;
  readonly live: LiveSession;
  /** The operator does not want it any more. */
  readonly cancel: AbortSignal;
  /** Core stops: everything stays as it is for the next one. */
  readonly stop: AbortSignal;
}

/**
 * Runs one session to its end, or to where core stops. How it is going to end is stored before it cleans up: a clean-up
 * that was interrupted is done again, the work is not. Rejects only when
 * nothing can be stored any more.
 */
export async function executeSession(execution: Execution, record: SessionRecord): Promise<void> {
  const { live, stop } = execution;
  try {
    const program = bind(execution, record);
    const outcome = record.outcome ?? (await attempt(execution, program));
    if (!stop.aborted) await finish(execution, program, outcome);
  } catch (thrown) {
    if (!stop.aborted) failUnread(live, toAppError(thrown));
  }
}

function bind({ program, live, database }: Execution, record: SessionRecord): BoundProgram {
  return program().bind(record, {
    sessionId: live.value.id,
    save: (memory) => database.sessions.remember(live.value.id, memory),
    log: live.log,
    progress: live.progress,
  });
}

/** Null when every step is done, or when core stops. */
async function attempt(execution: Execution, program: BoundProgram): Promise<Outcome | null> {
  const { live, cancel, stop, clock, stepPauses, database } = execution;
  try {
    if (!cancel.aborted) live.become('running');
    const signal = AbortSignal.any([cancel, stop]);
    await runSteps(live, program, { clock, pauses: stepPauses }, signal);
    return null;
  } catch (thrown) {
    if (stop.aborted && !cancel.aborted) return null;
    const outcome: Outcome = cancel.aborted
      ? { state: 'cancelled', error: cancelledError() }
      : { state: 'failed', error: toAppError(thrown).toRecord() };
    database.sessions.setOutcome(live.value.id, outcome);
    logOutcome(live, outcome);
    return outcome;
  }
}

async function finish(
  { live, stop }: Execution,
  program: BoundProgram,
  outcome: Outcome | null,
): Promise<void> {
  if (outcome) {
    if (outcome.state === 'cancelled') live.become('cancelling');
    await quietly(live, stop, 'Not everything could be removed; it is tried again later', () =>
      program.cleanUp(stop),
    );
    if (stop.aborted) return;
  }
  await quietly(live, stop, 'Could not forget what was given for this session', () => program.ended(stop));
  if (!outcome) live.end('succeeded', { error: null, result: program.result() });
  else live.end(outcome.state, { error: outcome.state === 'failed' ? outcome.error : null, result: null });
}

async function quietly(
  live: LiveSession,
  stop: AbortSignal,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (stop.aborted) return;
    const error = toAppError(thrown);
    live.log('warning', `${what}: ${error.message}`, { code: error.code, ...error.details });
  }
}

/** Its input or memory cannot be read, so it cannot even clean up: the sweeper does, by the ledger. */
function failUnread(live: LiveSession, error: AppError): void {
  live.log('error', error.message, { code: error.code, ...error.details });
  live.end('failed', { error: error.toRecord(), result: null });
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
