import {
  type Connection,
  createQueueSas,
  createWorkerBlobSas,
  type MessageQueue,
  openQueue,
  putWorkerBlob,
  type StorageAccountInfo,
  type WorkerBlob,
} from '../../azure/index.ts';
import {
  type ChannelIdentity,
  openSigned,
  type Received,
  sealBlob,
  sealMessage,
  seenOnce,
} from '../../channel/index.ts';
import { AppError, type CoreMessage, type WorkerMessage } from '../../contract/index.ts';
import type { Clock, RandomBytes } from '../../host.ts';
import type { WorkerNames } from './names.ts';

export interface ConsoleLinkRequest {
  readonly connection: Connection;
  readonly account: StorageAccountInfo;
  readonly names: WorkerNames;
  readonly channel: ChannelIdentity;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly onPoison: (reason: string) => void;
}

/** Core's end of the conversation with one worker. */
export interface ConsoleLink {
  /** A number for the next message; grows also over restarts of core. */
  nextSeq(): number;
  send(message: CoreMessage, seq: number, receiver: Uint8Array, signal: AbortSignal): Promise<void>;
  /**
   * Hands every new message to `handle` and removes it from the queue afterwards, so that what a crash interrupts comes
   * again. Resolves with how many came.
   */
  receive(handle: (received: Received<WorkerMessage>) => Promise<void>, signal: AbortSignal): Promise<number>;
  /** Fresh addresses of both queues for the worker. */
  queueAddresses(signal: AbortSignal): Promise<{ readonly inboxUrl: string; readonly outboxUrl: string }>;
}

/** Where messages lie that are too large for a queue. */
export function messageBlob(account: StorageAccountInfo, names: WorkerNames, seq: number | null): WorkerBlob {
  return { account, container: 'messages', name: `${names.worker}/${seq ?? ''}` };
}

const blobSasSeconds = 6 * 3600;
export const queueSasSeconds = 24 * 3600;
/** Sequence numbers begin with the seconds since then: a restarted core goes on above what it used before. */
const sequenceEpochMs = Date.UTC(2025, 0, 1);

export function openConsoleLink(request: ConsoleLinkRequest): ConsoleLink {
  const { connection, account, names, channel, random, clock } = request;
  const toWorker: MessageQueue = openQueue(connection, { account, name: names.inbox });
  const fromWorker: MessageQueue = openQueue(connection, { account, name: names.outbox });
  const seen = seenOnce();
  let seq = Math.max(1, Math.floor((clock.now() - sequenceEpochMs) / 1000));

  const asBlob = async (message: CoreMessage, number: number, signal: AbortSignal): Promise<CoreMessage> => {
    const { bytes, seal } = sealBlob(channel, message, { seq: number, random });
    const blob = messageBlob(account, names, number);
    await putWorkerBlob(connection, { blob, bytes }, signal);
    const { sas } = await createWorkerBlobSas(connection, { blob, durationSeconds: blobSasSeconds }, signal);
    return { type: 'blob', url: sas, ...seal };
  };

  return {
    nextSeq() {
      seq += 1;
      return seq;
    },
    async send(message, number, receiver, signal) {
      const sealing = { seq: number, receiver, random };
      const text =
        sealMessage(channel, message, sealing) ??
        sealMessage(channel, await asBlob(message, number, signal), sealing);
      if (text === null) throw new AppError('internal', { message: 'A message does not fit into a queue.' });
      await toWorker.send(text, signal);
    },
    async receive(handle, signal) {
      const found = await fromWorker.receive({ max: 32, hiddenSeconds: 60 }, signal);
      let count = 0;
      for (const item of found) {
        const received = readOrDrop(channel, item.text, request.onPoison);
        if (received && seen.isNew(received.seq)) {
          await handle(received);
          count += 1;
        }
        await fromWorker.remove(item, signal);
      }
      return count;
    },
    async queueAddresses(signal) {
      const durationSeconds = queueSasSeconds;
      const [inbox, outbox] = await Promise.all([
        createQueueSas(
          connection,
          { account, name: names.inbox, access: 'receive', durationSeconds },
          signal,
        ),
        createQueueSas(connection, { account, name: names.outbox, access: 'send', durationSeconds }, signal),
      ]);
      return { inboxUrl: inbox.sas, outboxUrl: outbox.sas };
    },
  };
}

/** A message that is not the worker's, or not as agreed, is dropped: it would come again for ever. */
function readOrDrop(
  channel: ChannelIdentity,
  text: string,
  onPoison: (reason: string) => void,
): Received<WorkerMessage> | null {
  try {
    return openSigned(channel, text);
  } catch (thrown) {
    onPoison(thrown instanceof AppError ? thrown.message : 'A message could not be read.');
    return null;
  }
}
