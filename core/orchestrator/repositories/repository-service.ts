import { type Connection, listContainers } from '../../azure/index.ts';
import {
  AppError,
  type FolderInspection,
  type ParsedInput,
  type Repository,
  type StorageAccount,
} from '../../contract/index.ts';
import type { RepositoryRecord } from '../../db/index.ts';
import type { RepositoryAccess } from '../../workloads/index.ts';
import type { OrchestratorContext } from '../context.ts';
import type { SessionRunner } from '../sessions/index.ts';
import { accessTo } from './access.ts';
import { inspectFolder } from './inspect.ts';
import { refreshRepository } from './refresh.ts';
import { removeRepository } from './remove.ts';
import { startAdding } from './start-adding.ts';
import { type AccountPlace, findStorageAccount, listAllStorageAccounts } from './storage-accounts.ts';

export interface RepositoryService {
  list(): Repository[];
  get(repositoryId: string): Repository;
  access(repositoryId: string): RepositoryAccess;
  storageAccounts(signal: AbortSignal): Promise<StorageAccount[]>;
  containers(place: AccountPlace, signal: AbortSignal): Promise<string[]>;
  inspect(input: ParsedInput<'repository.inspectFolder'>, signal: AbortSignal): Promise<FolderInspection>;
  /** Starts the session that creates or opens it. */
  add(input: ParsedInput<'repository.add'>, sessions: SessionRunner): Promise<string>;
  /** Reads the points again; marks the repository unreachable, or ready again. */
  refresh(repositoryId: string, signal: AbortSignal): Promise<void>;
  remove(repositoryId: string): Promise<void>;
}

export interface RepositoryDeps {
  readonly context: OrchestratorContext;
  connect(accountId: string): Promise<Connection>;
}

export function createRepositoryService(deps: RepositoryDeps): RepositoryService {
  const { context } = deps;
  const recordOf = (repositoryId: string): RepositoryRecord => {
    const record = context.database.repositories.find(repositoryId);
    if (record) return record;
    throw new AppError('not-found', {
      message: 'There is no such repository here.',
      hint: 'It may have been removed from this console; add it again.',
    });
  };
  return {
    list: () => context.database.repositories.list().map((record) => shown(context, record)),
    get: (repositoryId) => shown(context, recordOf(repositoryId)),
    access: (repositoryId) => accessTo(deps, recordOf(repositoryId)),
    storageAccounts: (signal) => listAllStorageAccounts(deps, signal),
    async containers(place, signal) {
      const { connection, account } = await findStorageAccount(deps, place, signal);
      return listContainers(connection, account, signal);
    },
    async inspect(place, signal) {
      const { container, folder } = place;
      const { connection, account } = await findStorageAccount(deps, place, signal);
      const { installationId } = context;
      return inspectFolder(connection, { account, container, folder }, { installationId, signal });
    },
    add: (input, sessions) => startAdding(context, sessions, input),
    refresh: (repositoryId, signal) => refreshRepository(deps, recordOf(repositoryId), signal),
    remove: (repositoryId) => removeRepository(context, recordOf(repositoryId)),
  };
}

function shown({ database }: OrchestratorContext, record: RepositoryRecord): Repository {
  const { engineId: _, account: __, secretKey: ___, ...repository } = record;
  return { ...repository, ...database.points.totals(record.id) };
}
