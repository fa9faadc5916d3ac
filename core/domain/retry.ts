import type { AppError } from '../contract/index.ts';

/** Pauses in milliseconds before the second, third, ... try of a step that failed for a passing reason. */
export const defaultStepPauses: readonly number[] = [2_000, 5_000, 15_000, 30_000, 60_000];

/** Whether a step that failed like this is worth another try. A lost worker has been replaced often enough by then. */
export function isWorthAnotherTry(error: AppError): boolean {
  return error.retryable && error.code !== 'worker-lost';
}
