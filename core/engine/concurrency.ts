export interface InOrderOptions {
  readonly concurrency: number;
  readonly signal?: AbortSignal;
}

/**
 * Works on up to `concurrency` items at a time and yields the results in the items' order. The first failure
 * ends it; work already begun is waited for, so nothing runs on behind the caller's back.
 */
export async function* mapInOrder<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  options: InOrderOptions,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  try {
    for await (const item of items) {
      options.signal?.throwIfAborted();
      const started = work(item);
      started.catch(() => undefined);
      running.push(started);
      const first = running.length >= options.concurrency ? running.shift() : undefined;
      if (first !== undefined) yield await first;
    }
    for (let next = running.shift(); next !== undefined; next = running.shift()) yield await next;
  } finally {
    await Promise.allSettled(running);
  }
}

/** A promise with its handles. A rejection that nobody waits for is not an unhandled one. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
