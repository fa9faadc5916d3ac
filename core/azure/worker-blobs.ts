import { Readable } from 'node:stream';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { AppError } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { clockSkewMs, withSlash } from './containers.ts';
import { azureCall } from './errors.ts';
import { collect } from './inventory.ts';
import type { AccessGrant, StorageAccountInfo } from './model.ts';
import { accountKey } from './storage-accounts.ts';
import { noSdkRetries, withRetries } from './storage-retry.ts';

/** A blob in the worker storage account, reached by its key: core's side only. */
export interface WorkerBlob {
  readonly account: StorageAccountInfo;
  readonly container: string;
  readonly name: string;
}

async function container(
  connection: Connection,
  blob: Omit<WorkerBlob, 'name'>,
  signal: AbortSignal,
): Promise<ContainerClient> {
  const sdk = await import('@azure/storage-blob');
  const key = await accountKey(connection, blob.account.id, signal);
  return new sdk.ContainerClient(
    new URL(blob.container, withSlash(blob.account.blobEndpoint)).href,
    new sdk.StorageSharedKeyCredential(blob.account.name, key),
    noSdkRetries,
  );
}

/** Stores a file once: a blob of this name and size is taken as it is. Makes the container when it is missing. */
export async function uploadWorkerFile(
  connection: Connection,
  upload: { readonly blob: WorkerBlob; readonly file: string; readonly size: number },
  signal: AbortSignal,
): Promise<void> {
  await withRetries({
    action: `upload ${upload.blob.name}`,
    options: connection.options,
    signal,
    call: async () => {
      const client = await container(connection, upload.blob, signal);
      await client.createIfNotExists({ abortSignal: signal });
      const target = client.getBlockBlobClient(upload.blob.name);
      const found = await target.exists({ abortSignal: signal });
      if (found && (await target.getProperties({ abortSignal: signal })).contentLength === upload.size)
        return;
      await target.uploadFile(upload.file, { abortSignal: signal, concurrency: 4, blockSize: 8 * 1024 ** 2 });
    },
  });
}

/** Stores bytes under a name, replacing what is there. */
export function putWorkerBlob(
  connection: Connection,
  put: { readonly blob: WorkerBlob; readonly bytes: Uint8Array },
  signal: AbortSignal,
): Promise<void> {
  const body = Buffer.from(put.bytes);
  return writeBlob(connection, put.blob, signal, (target) =>
    target.upload(body, body.length, { abortSignal: signal }),
  );
}

/** Stores a stream under a name, replacing what is there; `bytes` is called again for another try. All or nothing. */
export function streamWorkerBlob(
  connection: Connection,
  put: { readonly blob: WorkerBlob; readonly bytes: () => AsyncIterable<Uint8Array> },
  signal: AbortSignal,
): Promise<void> {
  return writeBlob(connection, put.blob, signal, (target) => {
    const source = Readable.from(put.bytes(), { objectMode: false });
    return target.uploadStream(source, 8 * 1024 ** 2, 4, { abortSignal: signal });
  });
}

/** Makes the container when it is missing. */
async function writeBlob(
  connection: Connection,
  blob: WorkerBlob,
  signal: AbortSignal,
  write: (target: BlockBlobClient) => Promise<unknown>,
): Promise<void> {
  await withRetries({
    action: `write ${blob.name}`,
    options: connection.options,
    signal,
    call: async () => {
      const client = await container(connection, blob, signal);
      await client.createIfNotExists({ abortSignal: signal });
      await write(client.getBlockBlobClient(blob.name));
    },
  });
}

/** A whole blob of at most `maxBytes`; null when there is none. Throws `invalid-input` for a larger one. */
export async function readWorkerBlob(
  connection: Connection,
  request: { readonly blob: WorkerBlob; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const { blob, maxBytes } = request;
  return withRetries({
    action: `read ${blob.name}`,
    options: connection.options,
    signal,
    call: async () => {
      const client = (await container(connection, blob, signal)).getBlobClient(blob.name);
      if (!(await client.exists({ abortSignal: signal }))) return null;
      const { contentLength = 0 } = await client.getProperties({ abortSignal: signal });
      if (contentLength > maxBytes)
        throw new AppError('invalid-input', { message: `${blob.name} is larger than it can be.` });
      if (contentLength === 0) return new Uint8Array(0);
      return client.downloadToBuffer(0, contentLength, { abortSignal: signal });
    },
  });
}

/** Removes every blob whose name begins with `name`; quiet when there is none. */
export async function deleteWorkerBlobs(
  connection: Connection,
  prefix: WorkerBlob,
  signal: AbortSignal,
): Promise<void> {
  await withRetries({
    action: `delete ${prefix.name}`,
    options: connection.options,
    signal,
    call: async () => {
      const client = await container(connection, prefix, signal);
      if (!(await client.exists({ abortSignal: signal }))) return;
      const found = await collect(client.listBlobsFlat({ prefix: prefix.name, abortSignal: signal }), signal);
      for (const item of found) await client.getBlobClient(item.name).deleteIfExists({ abortSignal: signal });
    },
  });
}

/** SAS of one blob: to read it, or to create it once (what exists cannot be replaced). */
export async function createWorkerBlobSas(
  connection: Connection,
  request: {
    readonly blob: WorkerBlob;
    readonly durationSeconds: number;
    readonly access?: 'read' | 'create';
  },
  signal: AbortSignal,
): Promise<AccessGrant> {
  const { blob } = request;
  const key = await accountKey(connection, blob.account.id, signal);
  return azureCall('sign an access address', signal, async () => {
    const sdk = await import('@azure/storage-blob');
    const expiresOn = new Date(Date.now() + request.durationSeconds * 1000);
    const query = sdk.generateBlobSASQueryParameters(
      {
        containerName: blob.container,
        blobName: blob.name,
        permissions: sdk.BlobSASPermissions.parse(request.access === 'create' ? 'c' : 'r'),
        startsOn: new Date(Date.now() - clockSkewMs),
        expiresOn,
        protocol: sdk.SASProtocol.Https,
      },
      new sdk.StorageSharedKeyCredential(blob.account.name, key),
    );
    const url = new URL(`${blob.container}/${blob.name}`, withSlash(blob.account.blobEndpoint));
    return { sas: `${url.href}?${query.toString()}`, expiresAt: expiresOn.getTime() };
  });
}

/** A whole blob by its SAS: the worker's side. */
export async function readBlobBySas(
  request: { readonly url: string; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  return withRetries({
    action: 'read a message blob',
    options: {},
    signal,
    call: async () => {
      const sdk = await import('@azure/storage-blob');
      const client = new sdk.BlobClient(request.url, new sdk.AnonymousCredential(), noSdkRetries);
      return client.downloadToBuffer(0, request.maxBytes, { abortSignal: signal });
    },
  });
}
