import type { Repository, RestorePoint } from '../../../core/contract/index.ts';

export interface RepositoryChoice {
  readonly repository: Repository;
  /** Why it cannot be chosen, or null. */
  readonly refusal: string | null;
  readonly notes: readonly string[];
}

/** Where a machine can be backed up to: its former repository first, then those of its own region, then by name. */
export function repositoryChoices(
  repositories: readonly Repository[],
  points: readonly RestorePoint[],
  region: string,
): RepositoryChoice[] {
  const latest = [...points].sort((one, other) => other.takenAt.localeCompare(one.takenAt))[0]?.repositoryId;
  const rank = (repository: Repository) =>
    (repository.state === 'ready' ? 0 : 4) +
    (repository.id === latest ? 0 : 2) +
    (repository.region === region ? 0 : 1);
  return [...repositories]
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name))
    .map((repository) => ({
      repository,
      refusal: refusals[repository.state],
      notes: [
        repository.encrypted ? 'Encrypted' : 'Not encrypted',
        repository.region === region
          ? `${repository.region}, same region`
          : `${repository.region}, another region: transfer costs`,
        ...(repository.id === latest ? ['last used for this machine'] : []),
      ],
    }));
}

const refusals: Record<Repository['state'], string | null> = {
  ready: null,
  'read-only': 'Attached read-only: it belongs to another installation.',
  unreachable: 'Cannot be reached now.',
};
