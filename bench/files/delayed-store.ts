import { setTimeout as wait } from 'node:timers/promises';
import type { BlobStore } from '../../core/engine/index.ts';

/** A store whose every request takes so many milliseconds longer, as one far away does; counts the requests. */
export function delayedStore(
  inner: BlobStore,
  milliseconds: number,
): { readonly store: BlobStore; readonly requests: () => number } {
  let requests = 0;
  const delay = async () => {
    requests++;
    if (milliseconds > 0) await wait(milliseconds);
  };
  const store: BlobStore = {
    put: inner.put,
    delete: inner.delete,
    async get(name, range, signal) {
      await delay();
      return inner.get(name, range, signal);
    },
    async head(name, signal) {
      await delay();
      return inner.head(name, signal);
    },
    async *list(prefix, signal) {
      await delay();
      yield* inner.list(prefix, signal);
    },
  };
  return { store, requests: () => requests };
}
