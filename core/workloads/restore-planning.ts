import type { RestorePlan, RestoreTarget } from '../contract/index.ts';

/** What a workload is asked to plan. */
export interface PlanRequest {
  readonly planId: string;
  /** The account that sees the point's original place; null when none does. */
  readonly originalAccountId: string | null;
  readonly pointId: string;
  readonly repositoryId: string;
  /** What the workload saved with the point. */
  readonly document: unknown;
  readonly target: RestoreTarget;
  readonly verify: boolean;
  /** Sizes a worker may have, in the order they are tried. */
  readonly workerSizes: readonly string[];
}

type Computed = 'items' | 'notices' | 'diskBytes' | 'workerRegion' | 'workerSize' | 'confirmation';

/** What a restore would do. `input` is what its session runs with; null when something blocks it. */
export interface PlannedRestore extends Pick<RestorePlan, Computed> {
  readonly input: unknown;
}
