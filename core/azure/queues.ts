import type { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { Connection } from './connection.ts';
import { clockSkewMs, withSlash } from './containers.ts';
import { azureCall } from './errors.ts';
import { collect } from './inventory.ts';
import type { AccessGrant, StorageAccountInfo } from './model.ts';
import { perUrl, type SasSource } from './sas-source.ts';
import { accountKey } from './storage-accounts.ts';
import { noSdkRetries, type RetryOptions, statusOf, withRetries } from './storage-retry.ts';

export interface QueueMessage {
  readonly id: string;
  /** Proof of this delivery; needed to delete. */
  readonly receipt: string;
  readonly text: string;
  /** 1 at the first delivery. */
  readonly deliveries: number;
}

/** One queue: at-least-once, no order. */
export interface MessageQueue {
  /** At most 64 KiB of text. */
  send(text: string, signal: AbortSignal): Promise<void>;
  /** Up to 32 messages, hidden from other readers for `hiddenSeconds`. */
  receive(
    options: { readonly max: number; readonly hiddenSeconds: number },
    signal: AbortSignal,
  ): Promise<QueueMessage[]>;
  /** Quiet when the message is gone or was delivered again. */
  remove(message: QueueMessage, signal: AbortSignal): Promise<void>;
}

/** Queue service of the worker storage account, by its key: core's side only. */
async function queueService(
  connection: Connection,
  account: StorageAccountInfo,
  signal: AbortSignal,
): Promise<QueueServiceClient> {
  const sdk = await import('@azure/storage-queue');
  const key = await accountKey(connection, account.id, signal);
  const credential = new sdk.StorageSharedKeyCredential(account.name, key);
  return new sdk.QueueServiceClient(account.queueEndpoint, credential, noSdkRetries);
}

export interface QueueAddress {
  readonly account: StorageAccountInfo;
  readonly name: string;
}

/** Quiet when it exists. */
export async function createQueue(
  connection: Connection,
  queue: QueueAddress,
  signal: AbortSignal,
): Promise<void> {
  await withRetries({
    action: `create the queue ${queue.name}`,
    options: connection.options,
    signal,
    call: async () => {
      const service = await queueService(connection, queue.account, signal);
      await service.getQueueClient(queue.name).createIfNotExists({ abortSignal: signal });
    },
  });
}

/** Quiet when it is gone. */
export async function deleteQueue(
  connection: Connection,
  queue: QueueAddress,
  signal: AbortSignal,
): Promise<void> {
  await withRetries({
    action: `delete the queue ${queue.name}`,
    options: connection.options,
    signal,
    call: async () => {
      const service = await queueService(connection, queue.account, signal);
      await service.getQueueClient(queue.name).deleteIfExists({ abortSignal: signal });
    },
  });
}

/** Names of the queues that begin with `prefix`. */
export async function listQueues(
  connection: Connection,
  query: { readonly account: StorageAccountInfo; readonly prefix: string },
  signal: AbortSignal,
): Promise<string[]> {
  return withRetries({
    action: 'list queues',
    options: connection.options,
    signal,
    call: async () => {
      const service = await queueService(connection, query.account, signal);
      const found = await collect(service.listQueues({ prefix: query.prefix, abortSignal: signal }), signal);
      return found.map((queue) => queue.name);
    },
  });
}

export interface QueueSasRequest extends QueueAddress {
  /** `send`: add only. `receive`: read, hide and delete. */
  readonly access: 'send' | 'receive';
  readonly durationSeconds: number;
}

/** A SAS of one queue that allows one direction only. */
export async function createQueueSas(
  connection: Connection,
  request: QueueSasRequest,
  signal: AbortSignal,
): Promise<AccessGrant> {
  const key = await accountKey(connection, request.account.id, signal);
  return azureCall('sign an access address', signal, async () => {
    const sdk = await import('@azure/storage-queue');
    const expiresOn = new Date(Date.now() + request.durationSeconds * 1000);
    const query = sdk.generateQueueSASQueryParameters(
      {
        queueName: request.name,
        permissions: sdk.QueueSASPermissions.parse(request.access === 'send' ? 'a' : 'p'),
        startsOn: new Date(Date.now() - clockSkewMs),
        expiresOn,
        protocol: sdk.SASProtocol.Https,
      },
      new sdk.StorageSharedKeyCredential(request.account.name, key),
    );
    const url = new URL(request.name, withSlash(request.account.queueEndpoint));
    return { sas: `${url.href}?${query.toString()}`, expiresAt: expiresOn.getTime() };
  });
}

/** A queue by account key: core's side. */
export function openQueue(connection: Connection, queue: QueueAddress): MessageQueue {
  const open = async (signal: AbortSignal) =>
    (await queueService(connection, queue.account, signal)).getQueueClient(queue.name);
  return messageQueue(open, connection.options);
}

/** A queue by SAS: the worker's side. */
export function openQueueBySas(source: SasSource, options: RetryOptions = {}): MessageQueue {
  const open = perUrl(source, async (url) => {
    const sdk = await import('@azure/storage-queue');
    return new sdk.QueueClient(url, new sdk.AnonymousCredential(), noSdkRetries);
  });
  return messageQueue(open, options);
}

function messageQueue(
  open: (signal: AbortSignal) => Promise<QueueClient>,
  options: RetryOptions,
): MessageQueue {
  return {
    async send(text, signal) {
      await withRetries({
        action: 'send a message',
        options,
        signal,
        call: async () => {
          // Never expires by itself: the queue is deleted with its worker.
          await (await open(signal)).sendMessage(text, { messageTimeToLive: -1, abortSignal: signal });
        },
      });
    },
    receive: ({ max, hiddenSeconds }, signal) =>
      withRetries({
        action: 'receive messages',
        options,
        signal,
        call: async () => {
          const client = await open(signal);
          const answer = await client.receiveMessages({
            numberOfMessages: max,
            visibilityTimeout: hiddenSeconds,
            abortSignal: signal,
          });
          return answer.receivedMessageItems.map((item) => ({
            id: item.messageId,
            receipt: item.popReceipt,
            text: item.messageText,
            deliveries: item.dequeueCount,
          }));
        },
      }),
    async remove(message, signal) {
      await withRetries({
        action: 'remove a message',
        options,
        signal,
        call: async () => {
          const client = await open(signal);
          await client
            .deleteMessage(message.id, message.receipt, { abortSignal: signal })
            .catch(quietWhenGone);
        },
      });
    },
  };
}

/** 404: already removed. 400 PopReceiptMismatch: delivered to somebody again, who will remove it. */
function quietWhenGone(thrown: unknown): void {
  const status = statusOf(thrown);
  if (status !== 404 && status !== 400) throw thrown;
}
