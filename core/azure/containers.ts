import { randomUUID } from 'node:crypto';
import type { BlobServiceClient } from '@azure/storage-blob';
import { AppError } from '../contract/index.ts';
import { openBlobStore } from './blob-store.ts';
import { type Connection, scopeOf } from './connection.ts';
import { azureCall } from './errors.ts';
import { collect } from './inventory.ts';
import type { AccessGrant, BlobFolder, ContainerAccess, StorageAccountInfo } from './model.ts';
import { noSdkRetries, withRetries } from './storage-retry.ts';

async function blobService(connection: Connection, account: StorageAccountInfo): Promise<BlobServiceClient> {
  const { BlobServiceClient } = await import('@azure/storage-blob');
  return new BlobServiceClient(account.blobEndpoint, connection.credential, {
    ...noSdkRetries,
    audience: scopeOf(connection.cloud.storageAudience),
  });
}

export async function listContainers(
  connection: Connection,
  account: StorageAccountInfo,
  signal: AbortSignal,
): Promise<string[]> {
  return withRetries({
    action: `list the containers of ${account.name}`,
    options: connection.options,
    signal,
    call: async () => {
      const service = await blobService(connection, account);
      const found = await collect(service.listContainers({ abortSignal: signal }), signal);
      return found.map((container) => container.name);
    },
  });
}

export async function containerExists(
  connection: Connection,
  account: StorageAccountInfo,
  container: string,
  signal: AbortSignal,
): Promise<boolean> {
  return withRetries({
    action: `look at the container ${container}`,
    options: connection.options,
    signal,
    call: async () => {
      const service = await blobService(connection, account);
      return service.getContainerClient(container).exists({ abortSignal: signal });
    },
  });
}

/** Quiet when it exists. The container is private. */
export async function createContainer(
  connection: Connection,
  account: StorageAccountInfo,
  container: string,
  signal: AbortSignal,
): Promise<void> {
  await withRetries({
    action: `create the container ${container}`,
    options: connection.options,
    signal,
    call: async () => {
      const service = await blobService(connection, account);
      await service.getContainerClient(container).createIfNotExists({ abortSignal: signal });
    },
  });
}

/** `create` without `write`: nothing that exists can be overwritten. */
const permissions: Readonly<Record<ContainerAccess, string>> = { read: 'rl', append: 'rcl', full: 'rcdl' };

export interface ContainerSasRequest {
  readonly account: StorageAccountInfo;
  readonly container: string;
  readonly access: ContainerAccess;
  /** At most seven days, the life of the key that signs it. */
  readonly durationSeconds: number;
}

/**
 * A user-delegation SAS of a container, for a worker (sent to it sealed); an account key never leaves core.
 * The scope is the container: a SAS of one folder exists only with hierarchical namespaces.
 */
export async function createContainerSas(
  connection: Connection,
  request: ContainerSasRequest,
  signal: AbortSignal,
): Promise<AccessGrant> {
  const { account, container } = request;
  const now = Date.now();
  const startsOn = new Date(now - clockSkewMs);
  const expiresOn = new Date(now + request.durationSeconds * 1000);
  const key = await withRetries({
    action: `get a delegation key of ${account.name}`,
    options: connection.options,
    signal,
    call: async () =>
      (await blobService(connection, account)).getUserDelegationKey(startsOn, expiresOn, {
        abortSignal: signal,
      }),
  });
  return azureCall('sign an access address', signal, async () => {
    const sdk = await import('@azure/storage-blob');
    const query = sdk.generateBlobSASQueryParameters(
      {
        containerName: container,
        permissions: sdk.ContainerSASPermissions.parse(permissions[request.access]),
        startsOn,
        expiresOn,
        protocol: sdk.SASProtocol.Https,
      },
      key,
      account.name,
    );
    const url = new URL(container, withSlash(account.blobEndpoint));
    return { sas: `${url.href}?${query.toString()}`, expiresAt: expiresOn.getTime() };
  });
}

/** Clocks differ; Microsoft advises to let a SAS begin 15 minutes ago. */
export const clockSkewMs = 15 * 60 * 1000;

export function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

/**
 * Writes, reads, lists and deletes a probe: the rights a repository needs. `permission-denied` says which is missing,
 * `not-found` that there is no such container. The probe is gone afterwards.
 */
export async function proveContainerRights(
  connection: Connection,
  folder: BlobFolder,
  signal: AbortSignal,
): Promise<void> {
  const store = openBlobStore(connection, folder, connection.options);
  const name = `probe/${randomUUID()}`;
  await right('write', folder, () => store.put(name, Buffer.from('cairn'), signal));
  await right('read', folder, () => store.get(name, undefined, signal));
  await right('list', folder, () => collect(store.list('probe/', signal), signal));
  await right('delete', folder, () => store.delete(name, signal));
}

async function right(verb: string, folder: BlobFolder, use: () => Promise<unknown>): Promise<void> {
  try {
    await use();
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'permission-denied') throw thrown;
    throw new AppError('permission-denied', {
      message: `The account may not ${verb} blobs in the container ${folder.container}.`,
      hint: 'Give it the role "Storage Blob Data Contributor" on the container or its storage account; a new role may need some minutes to work.',
      details: { ...thrown.details, container: folder.container },
      cause: thrown,
    });
  }
}
