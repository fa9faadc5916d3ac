import {
  type Connection,
  getStorageAccount,
  kindTag,
  listStorageAccounts,
  type StorageAccountInfo,
} from '../../azure/index.ts';
import { AppError, type ParsedInput, type StorageAccount, toAppError } from '../../contract/index.ts';
import { resourceKey } from '../../db/index.ts';
import type { OrchestratorContext } from '../context.ts';
import { collectParts } from '../partial.ts';
import type { RepositoryDeps } from './repository-service.ts';

export type AccountPlace = ParsedInput<'repository.containers'>;

/** The storage accounts that any account sees, by name. */
export async function listAllStorageAccounts(
  { context, connect }: RepositoryDeps,
  signal: AbortSignal,
): Promise<StorageAccount[]> {
  const { database, host } = context;
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
}

/** The account chosen for a storage account, or the first one that sees it. */
export function accountFor(context: OrchestratorContext, place: AccountPlace): string {
  return place.accountId ?? accountOfSubscription(context, place.storageAccountId);
}

export async function findStorageAccount(
  { context, connect }: RepositoryDeps,
  place: AccountPlace,
  signal: AbortSignal,
): Promise<{ readonly connection: Connection; readonly account: StorageAccountInfo }> {
  const connection = await connect(accountFor(context, place));
  const account = await getStorageAccount(connection, place.storageAccountId, signal);
  if (account) return { connection, account };
  throw new AppError('not-found', {
    message: 'There is no such storage account, or the account may not see it.',
    hint: 'Choose another storage account, or give the account the Reader role on it.',
    details: { storageAccountId: place.storageAccountId },
  });
}

/** The account that sees the subscription of a resource. */
function accountOfSubscription({ database }: OrchestratorContext, resourceId: string): string {
  const subscriptionId = resourceId.split('/')[2]?.toLowerCase() ?? '';
  const seen = database.subscriptions.list().find(({ id }) => id.toLowerCase() === subscriptionId);
  if (seen) return seen.accountId;
  throw new AppError('not-found', {
    message: 'No account here sees the subscription of this resource.',
    hint: 'Add an account with access to it, or synchronize.',
    details: { subscriptionId },
  });
}

function isWorkerStorage({ tags }: StorageAccountInfo): boolean {
  return tags[kindTag] === 'worker-storage';
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
    refusal: account.refusal ?? (isWorkerStorage(account) ? 'It is the workers’ own storage account.' : null),
  };
}

/** A storage account that several accounts see is listed once, with the first of them. */
function distinct(accounts: readonly StorageAccount[]): StorageAccount[] {
  const byId = new Map(accounts.toReversed().map((account) => [resourceKey(account.resourceId), account]));
  return [...byId.values()].sort((a, b) => a.name.localeCompare(b.name));
}
