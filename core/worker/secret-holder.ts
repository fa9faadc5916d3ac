import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, type TaskSecrets } from '../contract/index.ts';
import type { TaskSecretHolder } from './task-context.ts';

export interface RenewableSecrets extends TaskSecretHolder {
  /** Takes secrets that core sent with this number; older ones than those in use are ignored. */
  accept(seq: number, secrets: TaskSecrets): void;
}

/** How long core may take to answer: it may be asleep, or busy with a slow Azure. */
const answerTimeoutMs = 20 * 60_000;
const askAgainMs = 60_000;

/** `ask` sends a `renew` message to core. */
export function secretHolder(
  first: { readonly seq: number; readonly secrets: TaskSecrets },
  ask: () => Promise<void>,
): RenewableSecrets {
  let newest = first;
  let waiting: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  return {
    current: () => newest.secrets,
    accept(seq, secrets) {
      if (seq <= newest.seq) return;
      newest = { seq, secrets };
      waiting?.resolve();
      waiting = undefined;
    },
    async renew(signal) {
      waiting ??= Promise.withResolvers<void>();
      const { promise } = waiting;
      let answered = false;
      promise.then(() => {
        answered = true;
      });
      for (let waited = 0; waited < answerTimeoutMs && !answered; waited += askAgainMs) {
        await ask();
        const pause = new AbortController();
        const timer = sleep(askAgainMs, undefined, { signal: AbortSignal.any([signal, pause.signal]) });
        await Promise.race([promise, timer.catch(() => undefined)]);
        pause.abort();
        signal.throwIfAborted();
      }
      if (!answered)
        throw new AppError('timeout', {
          message: 'An access address expired and core sent no new one.',
          hint: 'Keep the console running during long operations, then try again.',
          retryable: true,
        });
    },
  };
}
