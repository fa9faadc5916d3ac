import { type AppError, toAppError } from '../../contract/index.ts';
import { isWorthAnotherTry } from '../../domain/index.ts';
import type { Clock } from '../../host.ts';
import type { LiveSession } from './live-session.ts';
import type { BoundProgram } from './program.ts';

export interface StepRunOptions {
  readonly clock: Clock;
  /** Milliseconds before each further try of a step that failed for a passing reason. */
  readonly pauses: readonly number[];
}

/**
 * Runs the steps that are not done, in order. Tries are counted, not timed, so a computer that slept in
 * between loses nothing. Rejects with the AppError of the step that failed for good.
 */
export async function runSteps(
  live: LiveSession,
  program: BoundProgram,
  options: StepRunOptions,
  signal: AbortSignal,
): Promise<void> {
  for (const step of program.steps) {
    const known = live.value.steps.find(({ key }) => key === step.key)?.state;
    if (known === 'done' || known === 'skipped') continue;
    signal.throwIfAborted();
    if (step.skip()) {
      live.step(step.key, 'skipped');
      continue;
    }
    live.step(step.key, 'running');
    try {
      await runWithTries(live, step.run, options, signal);
    } catch (error) {
      if (!signal.aborted) live.step(step.key, 'failed');
      throw error;
    }
    live.step(step.key, 'done');
  }
}

async function runWithTries(
  live: LiveSession,
  run: (signal: AbortSignal) => Promise<void>,
  options: StepRunOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await run(signal);
    } catch (thrown) {
      const error = toAppError(thrown);
      const pause = options.pauses[tries];
      if (signal.aborted || !isWorthAnotherTry(error) || pause === undefined) throw error;
      logRetry(live, error, pause);
      await options.clock.sleep(pause, signal);
    }
  }
}

function logRetry(live: LiveSession, error: AppError, pause: number): void {
  const seconds = Math.max(1, Math.round(pause / 1000));
  live.log('warning', `${error.message} Trying again in ${seconds} s.`, {
    code: error.code,
    ...error.details,
  });
}
