import { createStore } from 'zustand/vanilla';
import type { RestoreTarget } from '../../../core/contract/index.ts';

export type TargetKind = RestoreTarget['kind'];
export type Step = 'kind' | 'target' | 'review';
export const steps: readonly Step[] = ['kind', 'target', 'review'];

export interface RestoreDraft {
  readonly step: Step;
  readonly kind: TargetKind | null;
  /** The last complete target; dropped when the kind changes. */
  readonly target: RestoreTarget | null;
  readonly verify: boolean;
}

/** One open wizard's memory; thrown away with the page. */
export function createDraftStore() {
  return createStore<RestoreDraft>(() => ({ step: 'kind', kind: null, target: null, verify: true }));
}
export type DraftStore = ReturnType<typeof createDraftStore>;

/** Choosing another kind of restore forgets the fields of the former one. */
export function withKind(draft: RestoreDraft, kind: TargetKind): RestoreDraft {
  return draft.kind === kind ? draft : { ...draft, kind, target: null };
}
