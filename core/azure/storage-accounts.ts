import type { StorageAccount } from '@azure/arm-storage';
import { AppError } from '../contract/index.ts';
import { once, storageClient } from './clients.ts';
import { type Connection, pollOptions } from './connection.ts';
import { azureCall, orNull } from './errors.ts';
import { collect } from './inventory.ts';
import type { StorageAccountInfo } from './model.ts';
import { parseResourceId } from './resource-id.ts';

export async function listStorageAccounts(
  connection: Connection,
  subscriptionId: string,
  signal: AbortSignal,
): Promise<StorageAccountInfo[]> {
  return azureCall('list storage accounts', signal, async () => {
    const client = await storageClient(connection, subscriptionId);
    const found = await collect(client.storageAccounts.list({ abortSignal: signal }), signal);
    return found.map(accountInfo);
  });
}

/** Null when there is none. */
export async function getStorageAccount(
  connection: Connection,
  storageAccountId: string,
  signal: AbortSignal,
): Promise<StorageAccountInfo | null> {
  const id = parseResourceId(storageAccountId);
  return orNull(
    azureCall(`read storage account ${id.name}`, signal, async () => {
      const client = await storageClient(connection, id.subscriptionId);
      return accountInfo(
        await client.storageAccounts.getProperties(id.resourceGroup, id.name, { abortSignal: signal }),
      );
    }),
  );
}

export interface CreateStorageAccountRequest {
  readonly storageAccountId: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** An account for workers: locally redundant, TLS 1.2, no public blobs. Finds its own earlier try again. */
export async function createStorageAccount(
  connection: Connection,
  request: CreateStorageAccountRequest,
  signal: AbortSignal,
): Promise<StorageAccountInfo> {
  const id = parseResourceId(request.storageAccountId);
  return azureCall(`create storage account ${id.name}`, signal, async () => {
    const client = await storageClient(connection, id.subscriptionId);
    const made = await client.storageAccounts.create(
      id.resourceGroup,
      id.name,
      {
        sku: { name: 'Standard_LRS' },
        kind: 'StorageV2',
        location: request.region,
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: 'TLS1_2',
        allowBlobPublicAccess: false,
        tags: { ...request.tags },
      },
      pollOptions(connection, signal),
    );
    return accountInfo(made);
  });
}

/** First account key, kept with the connection: Azure allows few listings. It never leaves core's process. */
export function accountKey(
  connection: Connection,
  storageAccountId: string,
  signal: AbortSignal,
): Promise<string> {
  const id = parseResourceId(storageAccountId);
  return once(connection.clients.accountKeys, storageAccountId.toLowerCase(), () =>
    azureCall(`list the keys of storage account ${id.name}`, signal, async () => {
      const client = await storageClient(connection, id.subscriptionId);
      const { keys } = await client.storageAccounts.listKeys(id.resourceGroup, id.name, {
        abortSignal: signal,
      });
      const value = keys?.[0]?.value;
      if (!value) throw new AppError('azure-failed', { message: `Azure gave no key of ${id.name}.` });
      return value;
    }),
  );
}

function accountInfo(account: StorageAccount): StorageAccountInfo {
  return {
    id: account.id ?? '',
    name: account.name ?? '',
    region: account.location,
    kind: account.kind ?? '',
    sku: account.sku?.name ?? '',
    blobEndpoint: account.primaryEndpoints?.blob ?? '',
    queueEndpoint: account.primaryEndpoints?.queue ?? '',
    tags: { ...account.tags },
    refusal: refusalOf(account),
  };
}

function refusalOf(account: StorageAccount): string | null {
  if (account.kind === 'FileStorage' || !account.primaryEndpoints?.blob)
    return 'This account has no blob service.';
  if (account.sku?.name.startsWith('Premium') && account.kind !== 'BlockBlobStorage')
    return 'Premium page-blob accounts cannot hold block blobs.';
  if (account.publicNetworkAccess === 'Disabled')
    return 'The account is closed to public networks; workers could not reach it.';
  if (account.provisioningState !== undefined && account.provisioningState !== 'Succeeded')
    return `The account is not ready (${account.provisioningState}).`;
  return null;
}
