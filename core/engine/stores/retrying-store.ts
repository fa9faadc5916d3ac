import { AppError, toAppError } from '../../contract/index.ts';
import type { BlobBody, BlobInfo, BlobStore } from '../blob-store.ts';
import { joinBody } from './blob-body.ts';
import { readInto } from './read-into.ts';

export interface RetryOptions {
  /** Tries in all, the first one included. Default 6. */
  readonly attempts?: number;
  /** Wait before the second try, in milliseconds; doubled for each further one. Default 250. */
  readonly firstDelay?: number;
  /** Longest wait, in milliseconds. Default 30,000. */
  readonly longestDelay?: number;
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 up to 1; spreads the waits of many workers. */
  readonly jitter: () => number;
}

/**
 * Repeats calls that failed with a `retryable` error. A `put` whose answer was lost may have succeeded: when the
 * next try finds the name taken, the object is compared with what was to be stored.
 */
export function retryingStore(inner: BlobStore, options: RetryOptions): BlobStore {
  const repeat = <T>(signal: AbortSignal | undefined, work: (attempt: number) => Promise<T>) =>
    retried(options, signal, work);
  return {
    put: (name, body, signal) =>
      repeat(signal, (attempt) => putAgain({ inner, name, body, attempt, signal })),
    get: (name, range, signal) => repeat(signal, () => inner.get(name, range, signal)),
    getInto: (name, offset, target, signal) =>
      repeat(signal, () => readInto(inner, { name, offset, target }, signal)),
    head: (name, signal) => repeat(signal, () => inner.head(name, signal)),
    delete: (name, signal) => repeat(signal, () => inner.delete(name, signal)),
    list: (prefix, signal) => listAgain({ inner, prefix, signal, options }),
  };
}

/** A listing that broke off is begun again; what was given already is passed over. */
async function* listAgain(call: {
  readonly inner: BlobStore;
  readonly prefix: string;
  readonly signal: AbortSignal | undefined;
  readonly options: RetryOptions;
}): AsyncGenerator<BlobInfo> {
  const { inner, prefix, signal, options } = call;
  let iterator = inner.list(prefix, signal)[Symbol.asyncIterator]();
  let last = '';
  for (;;) {
    const step = await retried(options, signal, (attempt) => {
      if (attempt > 1) iterator = inner.list(prefix, signal)[Symbol.asyncIterator]();
      return nextAfter(iterator, last);
    });
    if (step.done === true) return;
    last = step.value.name;
    yield step.value;
  }
}

async function nextAfter(iterator: AsyncIterator<BlobInfo>, last: string): Promise<IteratorResult<BlobInfo>> {
  let step = await iterator.next();
  while (step.done !== true && step.value.name <= last) step = await iterator.next();
  return step;
}

async function putAgain(call: {
  readonly inner: BlobStore;
  readonly name: string;
  readonly body: BlobBody;
  readonly attempt: number;
  readonly signal: AbortSignal | undefined;
}): Promise<void> {
  const { inner, name, body, attempt, signal } = call;
  try {
    await inner.put(name, body, signal);
  } catch (thrown) {
    const taken = thrown instanceof AppError && thrown.code === 'already-exists';
    if (!taken || attempt === 1) throw thrown;
    const stored = await inner.get(name, undefined, signal);
    if (Buffer.compare(stored, joinBody(body)) !== 0) throw thrown;
  }
}

async function retried<T>(
  options: RetryOptions,
  signal: AbortSignal | undefined,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  const attempts = options.attempts ?? 6;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!error.retryable || attempt >= attempts) throw error;
      await options.sleep(delayBefore(attempt, options), signal);
    }
  }
}

function delayBefore(attempt: number, options: RetryOptions): number {
  const delay = (options.firstDelay ?? 250) * 2 ** (attempt - 1);
  return Math.min(options.longestDelay ?? 30_000, delay) * (0.5 + options.jitter() / 2);
}
