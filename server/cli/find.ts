import {
  AppError,
  type Repository,
  type RestorePoint,
  type VirtualMachine,
} from '../../core/contract/index.ts';
import type { Core } from '../../core/host.ts';

/** What people type for a thing: its id, or a name that only one thing has. Throws `not-found` or `invalid-input`. */

export async function findVm(core: Core, wanted: string, signal: AbortSignal): Promise<VirtualMachine> {
  const { vms } = await core.call('vm.list', {}, signal);
  const key = wanted.toLowerCase();
  const matches = vms.filter(
    (vm) =>
      vm.resourceId.toLowerCase() === key ||
      vm.name.toLowerCase() === key ||
      `${vm.resourceGroup}/${vm.name}`.toLowerCase() === key,
  );
  return only(matches, {
    field: 'vm',
    type: 'virtual machine',
    wanted,
    name: (vm) => vm.resourceId,
    hint: 'See `cairn vms`; `cairn sync` reads the subscriptions again.',
  });
}

/** Without a name: the one repository that backups can be written to. */
export async function findRepository(
  core: Core,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<Repository> {
  const repositories = await core.call('repository.list', {}, signal);
  const type = 'repository';
  const name = (repository: Repository) => `${repository.name} (${repository.id})`;
  const hint = 'See `cairn repositories`.';
  if (wanted !== undefined) {
    const matches = repositories.filter(
      (repository) => repository.id === wanted || repository.name.toLowerCase() === wanted.toLowerCase(),
    );
    return only(matches, { field: 'repository', type, wanted, name, hint });
  }
  const writable = repositories.filter((repository) => repository.state === 'ready');
  if (writable.length === 0)
    throw new AppError('not-found', {
      message: 'There is no repository that backups can be written to.',
      hint: 'Add one with `cairn repositories add`.',
      details: { field: 'repository' },
    });
  return only(writable, { field: 'repository', type, wanted: 'the only one', name, hint });
}

/** An id, the beginning of one, or `VM@latest` for a virtual machine's newest point. */
export async function findPoint(core: Core, wanted: string, signal: AbortSignal): Promise<RestorePoint> {
  const points = await core.call('point.list', {}, signal);
  const latestOf = /^(.+)@latest$/.exec(wanted)?.[1]?.toLowerCase();
  const hint = 'See `cairn points`.';
  if (latestOf !== undefined) {
    const [newest] = points
      .filter((point) =>
        [point.resourceName, point.resourceId].some((name) => name.toLowerCase() === latestOf),
      )
      .sort((a, b) => b.takenAt.localeCompare(a.takenAt));
    return only(newest ? [newest] : [], {
      field: 'point',
      type: 'restore point',
      wanted,
      name: (p) => p.id,
      hint,
    });
  }
  const exact = points.filter((point) => point.id === wanted);
  const matches = exact.length > 0 ? exact : points.filter((point) => point.id.startsWith(wanted));
  return only(matches, { field: 'point', type: 'restore point', wanted, name: (point) => point.id, hint });
}

export interface Search<T> {
  readonly field: string;
  readonly type: string;
  readonly wanted: string;
  readonly name: (item: T) => string;
  readonly hint: string;
}

export function only<T>(matches: readonly T[], search: Search<T>): T {
  const [first, ...others] = matches;
  const { field, type, wanted, hint } = search;
  if (first === undefined)
    throw new AppError('not-found', {
      message: `There is no ${type} ${wanted}.`,
      hint,
      details: { field },
    });
  if (others.length > 0)
    throw new AppError('invalid-input', {
      message: `There are ${matches.length} that "${wanted}" can mean.`,
      hint: `Name one of: ${matches.slice(0, 10).map(search.name).join(', ')}.`,
      details: { field },
    });
  return first;
}
