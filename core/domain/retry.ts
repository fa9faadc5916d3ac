/** Pauses in milliseconds before the second, third, ... try of a step that failed for a passing reason. */
export const defaultStepPauses: readonly number[] = [2_000, 5_000, 15_000, 30_000, 60_000];
