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
  let asking: Promise<void> | undefined;
  let answered: (() => void) | undefined;

  const askUntilAnswered = async (): Promise<void> => {
    const pause = new AbortController();
    answered = () => pause.abort();
    for (let waited = 0; waited < answerTimeoutMs && !pause.signal.aborted; waited += askAgainMs) {
      await ask();
      await sleep(askAgainMs, undefined, { signal: pause.signal, ref: false }).catch(() => undefined);
    }
    if (!pause.signal.aborted) throw noAnswer();
  };

  return {
    current: () => newest.secrets,
    accept(seq, secrets) {
      if (seq <= newest.seq) return;
      newest = { seq, secrets };
      answered?.();
    },
    async renew(signal) {
      asking ??= askUntilAnswered().finally(() => {
        asking = undefined;
        answered = undefined;
      });
      const answer = asking;
      // When all who asked have given up, nobody hears of a failure any more.
      answer.catch(() => undefined);
      await Promise.race([answer, aborted(signal)]);
    },
  };
}

/** Rejects with the signal's reason. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function noAnswer(): AppError {
  return new AppError('timeout', {
    message: 'An access address expired and core sent no new one.',
    hint: 'Keep the console running during long operations, then try again.',
    retryable: true,
  });
}
