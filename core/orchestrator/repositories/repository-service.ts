import {
  type Connection,
  createContainerSas,
  getStorageAccount,
  listContainers,
  listStorageAccounts,
  type StorageAccountInfo,
} from '../../azure/index.ts';
import {
  AppError,
  type FolderInspection,
  type ParsedInput,
  type Repository,
  type StorageAccount,
  toAppError,
} from '../../contract/index.ts';
import { type RepositoryRecord, resourceKey } from '../../db/index.ts';
import { newId } from '../../domain/index.ts';
import {
  type Repository as EngineRepository,
  listPoints,
  readPoint,
  requireOwnership,
} from '../../engine/index.ts';
import type { RepositoryAccess } from '../../workloads/index.ts';
import type { OrchestratorContext } from '../context.ts';
import { collectParts } from '../partial.ts';
import type { SessionRunner } from '../sessions/index.ts';
import { inspectFolder } from './inspect.ts';
import { openKnownRepository, reachRepository, readDataKey } from './open.ts';
import { reconcilePoints } from './point-records.ts';

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

type AccountPlace = ParsedInput<'repository.containers'>;

export interface RepositoryDeps {
  readonly context: OrchestratorContext;
  connect(accountId: string): Promise<Connection>;
}

export function createRepositoryService(deps: RepositoryDeps): RepositoryService {
  const { context, connect } = deps;
  const { database, host, events, installationId } = context;

  const recordOf = (repositoryId: string): RepositoryRecord => {
    const record = database.repositories.find(repositoryId);
    if (record) return record;
    throw new AppError('not-found', {
      message: 'There is no such repository here.',
      hint: 'It may have been removed from this console; add it again.',
    });
  };
  const accountFor = (place: AccountPlace): string =>
    place.accountId ?? accountOfSubscription(context, place.storageAccountId);
  const storageAccount = async (
    place: AccountPlace,
    signal: AbortSignal,
  ): Promise<{ connection: Connection; account: StorageAccountInfo }> => {
    const connection = await connect(accountFor(place));
    const account = await getStorageAccount(connection, place.storageAccountId, signal);
    if (account) return { connection, account };
    throw new AppError('not-found', { message: 'There is no such storage account, or it may not be seen.' });
  };

  return {
    list: () => database.repositories.list().map((record) => shown(context, record)),
    get: (repositoryId) => shown(context, recordOf(repositoryId)),
    access: (repositoryId) => accessTo(deps, recordOf(repositoryId)),
    async storageAccounts(signal) {
      const lists = await collectParts(
        database.subscriptions.list(),
        async ({ accountId, id }) => {
          const accounts = await listStorageAccounts(await connect(accountId), id, signal);
          return accounts.map((account) => shownAccount(account, accountId, id));
        },
        ({ name }, error) =>
          host.log('warning', `Storage accounts of ${name} were not read: ${toAppError(error).message}`),
      );
      return distinct(lists.flat());
    },
    async containers(place, signal) {
      const { connection, account } = await storageAccount(place, signal);
      return listContainers(connection, account, signal);
    },
    async inspect(place, signal) {
      const { container, folder } = place;
      const { connection, account } = await storageAccount(place, signal);
      return inspectFolder(connection, { account, container, folder }, { installationId, signal });
    },
    async add(input, sessions) {
      const taken = database.repositories.findByPlace(input);
      if (taken) throw placeTaken(taken);
      const sessionId = newId(host.random);
      const passwordKey = input.encryption.kind === 'password' ? `session/${sessionId}` : null;
      const { encryption, ...place } = input;
      const accountId = accountFor(input);
      if (encryption.kind === 'password') await host.secrets.set(`session/${sessionId}`, encryption.password);
      try {
        return sessions.start({
          sessionId,
          kind: 'repository',
          title: `Add repository ${input.name}`,
          exclusiveKey: `repository|${resourceKey(input.storageAccountId)}|${input.container}|${input.folder}`,
          busyMessage: 'A repository in this folder is being added already.',
          input: { ...place, accountId, passwordKey, repositoryId: newId(host.random) },
        }).id;
      } catch (error) {
        if (passwordKey !== null) await host.secrets.delete(passwordKey);
        throw error;
      }
    },
    async refresh(repositoryId, signal) {
      const record = recordOf(repositoryId);
      try {
        const opened = await openKnownRepository(host, await connect(record.accountId), record, signal);
        reconcilePoints(database, record.id, await listPoints(opened, signal));
        if (record.state === 'unreachable') database.repositories.put({ ...record, state: 'ready' });
      } catch (thrown) {
        const unreachable = ['unreachable', 'not-found', 'permission-denied'].includes(
          toAppError(thrown).code,
        );
        if (unreachable && record.state === 'ready')
          database.repositories.put({ ...record, state: 'unreachable' });
        throw thrown;
      } finally {
        events.changed('repository', record.id);
        events.changed('point', null);
      }
    },
    async remove(repositoryId) {
      const record = recordOf(repositoryId);
      refuseBusy(context, record);
      database.transaction(() => {
        releaseSnapshots(context, record);
        database.repositories.remove(record.id);
      });
      if (record.secretKey !== null) await host.secrets.delete(record.secretKey);
      events.changed('repository', record.id);
      events.changed('point', null);
      events.changed('vm', null);
    },
  };
}

function accessTo({ context, connect }: RepositoryDeps, record: RepositoryRecord): RepositoryAccess {
  const { host } = context;
  const opened = async (signal: AbortSignal) =>
    openKnownRepository(host, await connect(record.accountId), record, signal);
  const { id, name, folder, encrypted, state } = record;
  return {
    id,
    name,
    folder,
    encrypted,
    state,
    proveOwner: (signal) =>
      reachRepository(record, async () => proveOwner(context, record, await opened(signal), signal)),
    dataKey: () => readDataKey(host, record),
    grant: (access, durationSeconds, signal) =>
      reachRepository(record, async () => {
        const { account, container } = record;
        const request = { account, container, access, durationSeconds };
        return createContainerSas(await connect(record.accountId), request, signal);
      }),
    readPoint: (pointId, signal) => readKnownPoint(opened, record, { pointId, signal }),
    listPoints: (signal) => reachRepository(record, async () => listPoints(await opened(signal), signal)),
  };
}

/** A repository that another installation has taken over is read-only here from now on. */
async function proveOwner(
  { database, events, installationId }: OrchestratorContext,
  record: RepositoryRecord,
  opened: EngineRepository,
  signal: AbortSignal,
): Promise<void> {
  try {
    await requireOwnership(opened.store, installationId, signal);
  } catch (thrown) {
    if (toAppError(thrown).code === 'repository-owned') {
      database.repositories.put({ ...record, state: 'read-only' });
      events.changed('repository', record.id);
    }
    throw thrown;
  }
}

/** Opening says `unreachable` in the repository's words; a missing point stays `not-found`. */
async function readKnownPoint(
  opened: (signal: AbortSignal) => ReturnType<typeof openKnownRepository>,
  record: RepositoryRecord,
  wanted: { readonly pointId: string; readonly signal: AbortSignal },
) {
  const repository = await reachRepository(record, () => opened(wanted.signal));
  return readPoint(repository, wanted.pointId, wanted.signal);
}

function shown({ database }: OrchestratorContext, record: RepositoryRecord): Repository {
  const { engineId: _, account: __, secretKey: ___, ...repository } = record;
  return { ...repository, ...database.points.totals(record.id) };
}

function shownAccount(
  account: StorageAccountInfo,
  accountId: string,
  subscriptionId: string,
): StorageAccount {
  return {
    resourceId: account.id,
    name: account.name,
    subscriptionId,
    accountId,
    resourceGroup: /\/resourceGroups\/([^/]+)/i.exec(account.id)?.[1] ?? '',
    region: account.region,
    kind: account.kind,
    sku: account.sku,
    refusal: account.refusal,
  };
}

function distinct(accounts: readonly StorageAccount[]): StorageAccount[] {
  const byId = new Map(accounts.map((account) => [resourceKey(account.resourceId), account]));
  return [...byId.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The account that sees the subscription of a resource. */
export function accountOfSubscription({ database }: OrchestratorContext, resourceId: string): string {
  const subscriptionId = resourceId.split('/')[2]?.toLowerCase() ?? '';
  const seen = database.subscriptions.list().find(({ id }) => id.toLowerCase() === subscriptionId);
  if (seen) return seen.accountId;
  throw new AppError('not-found', {
    message: 'No account here sees the subscription of this resource.',
    hint: 'Add an account with access to it, or synchronize.',
    details: { subscriptionId },
  });
}

function placeTaken(other: RepositoryRecord): AppError {
  return new AppError('already-exists', {
    message: `This folder is here already as the repository "${other.name}".`,
    hint: 'Use that repository, or choose another folder.',
    details: { repositoryId: other.id },
  });
}

function refuseBusy({ database }: OrchestratorContext, record: RepositoryRecord): void {
  const busy = database.sessions.list({ repositoryId: record.id, active: true, limit: 1 })[0];
  if (!busy) return;
  throw new AppError('conflict', {
    message: `The repository "${record.name}" is in use by "${busy.title}".`,
    hint: 'Wait until that session has ended, or cancel it.',
    details: { sessionId: busy.id },
  });
}

/** Without its points nobody compares with their snapshots any more: the sweeper takes them. */
function releaseSnapshots({ database }: OrchestratorContext, record: RepositoryRecord): void {
  for (const { id } of database.points.list({ repositoryId: record.id })) {
    for (const { snapshotId } of database.points.kept(id)) {
      const entry = database.ledger.find(snapshotId);
      if (entry) database.ledger.release({ ...entry, sessionId: null });
    }
  }
}
