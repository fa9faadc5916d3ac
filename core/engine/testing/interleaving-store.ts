import type { BlobInfo, BlobStore } from '../blob-store.ts';

/** A store that keeps each call waiting for as many turns of the event loop as `turns` says, before and after it. */
export function interleavingStore(inner: BlobStore, turns: () => number): BlobStore {
  async function wait(): Promise<void> {
    for (let left = turns(); left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
  }

  async function run<T>(work: () => Promise<T>): Promise<T> {
    await wait();
    try {
      return await work();
    } finally {
      await wait();
    }
  }

  async function* list(prefix: string, signal?: AbortSignal): AsyncGenerator<BlobInfo> {
    for await (const info of inner.list(prefix, signal)) {
      await wait();
      yield info;
    }
  }

  return {
    put: (name, body, signal) => run(() => inner.put(name, body, signal)),
    get: (name, range, signal) => run(() => inner.get(name, range, signal)),
    head: (name, signal) => run(() => inner.head(name, signal)),
    delete: (name, signal) => run(() => inner.delete(name, signal)),
    list,
  };
}
