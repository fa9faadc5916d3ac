import { type MessageQueue, openQueueBySas, readBlobBySas, type SasSource } from '../azure/index.ts';
import {
  type ChannelIdentity,
  type KeyPair,
  openBlob,
  openSealed,
  type Received,
  seenOnce,
  signMessage,
} from '../channel/index.ts';
import { AppError, type BootConfiguration, type CoreMessage, type WorkerMessage } from '../contract/index.ts';

/** The worker's end of the conversation with core. */
export interface Mailbox {
  /** Resolves with the message's number once it is in the queue. */
  send(message: WorkerMessage, signal: AbortSignal): Promise<number>;
  /** New messages of core, unsealed; duplicates and what is not for this worker are dropped. */
  receive(signal: AbortSignal): Promise<Received<CoreMessage>[]>;
  moveTo(queues: { readonly inboxUrl: string; readonly outboxUrl: string }): void;
}

export interface MailboxDeps {
  readonly boot: BootConfiguration;
  readonly keys: KeyPair;
  readonly log: (text: string) => void;
}

export function openMailbox(deps: MailboxDeps): Mailbox {
  const { boot, keys, log } = deps;
  const channel: ChannelIdentity = {
    session: boot.session,
    worker: boot.worker,
    token: Buffer.from(boot.token, 'base64'),
  };
  let urls = { inboxUrl: boot.inboxUrl, outboxUrl: boot.outboxUrl };
  const source = (which: 'inboxUrl' | 'outboxUrl'): SasSource => ({
    current: () => urls[which],
    renew: () => Promise.resolve(),
  });
  const retries = { maxRetries: 5 };
  const inbox: MessageQueue = openQueueBySas(source('inboxUrl'), retries);
  const outbox: MessageQueue = openQueueBySas(source('outboxUrl'), retries);
  const seen = seenOnce();
  let lastSeq = 0;

  const unseal = async (text: string, signal: AbortSignal): Promise<Received<CoreMessage> | null> => {
    const { seq, message } = openSealed(channel, text, keys);
    if (message.type !== 'blob') return seen.isNew(seq) ? { seq, message } : null;
    const bytes = await readBlobBySas({ url: message.url, maxBytes: message.length }, signal);
    const inner = openBlob(channel, { seq, seal: message, bytes });
    return seen.isNew(seq) ? { seq, message: inner } : null;
  };

  return {
    async send(message, signal) {
      lastSeq += 1;
      const seq = lastSeq;
      await outbox.send(signMessage(channel, seq, message), signal);
      return seq;
    },
    async receive(signal) {
      const found = await inbox.receive({ max: 32, hiddenSeconds: 60 }, signal);
      const messages: Received<CoreMessage>[] = [];
      for (const item of found) {
        try {
          const received = await unseal(item.text, signal);
          if (received) messages.push(received);
        } catch (thrown) {
          if (thrown instanceof AppError && thrown.retryable) continue;
          log(`dropped a message: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
        }
        await inbox.remove(item, signal);
      }
      return messages;
    },
    moveTo(queues) {
      urls = { inboxUrl: queues.inboxUrl, outboxUrl: queues.outboxUrl };
    },
  };
}
