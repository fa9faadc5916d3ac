import type { Overview } from '../../../core/contract/index.ts';

export interface FirstStep {
  readonly key: 'account' | 'repository' | 'backup';
  readonly state: 'done' | 'next' | 'later';
}

/** The way from nothing to the first restore point; null once it has been walked. */
export function firstSteps(
  overview: Pick<Overview, 'accounts' | 'repositories' | 'points'>,
): FirstStep[] | null {
  const done = {
    account: overview.accounts > 0,
    repository: overview.repositories > 0,
    backup: overview.points > 0,
  };
  if (done.account && done.repository && done.backup) return null;
  const keys = ['account', 'repository', 'backup'] as const;
  const next = keys.find((key) => !done[key]);
  return keys.map((key) => ({ key, state: done[key] ? 'done' : key === next ? 'next' : 'later' }));
}
