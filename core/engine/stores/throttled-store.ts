import type { BlobStore } from '../blob-store.ts';
import { bodyLength } from './blob-body.ts';

export interface ThrottleOptions {
  /** Bytes a second, both ways together. */
  readonly bytesPerSecond: number;
  /** Milliseconds, never going back. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Keeps the traffic to a store below a rate, by making each call wait until its bytes are affordable. */
export function throttledStore(inner: BlobStore, options: ThrottleOptions): BlobStore {
  let freeAt = 0;

  async function spend(bytes: number, signal?: AbortSignal): Promise<void> {
    const now = options.clock();
    const start = Math.max(now, freeAt);
    freeAt = start + (bytes / options.bytesPerSecond) * 1000;
    if (start > now) await options.sleep(start - now, signal);
  }

  return {
    async put(name, body, signal) {
      await spend(bodyLength(body), signal);
      await inner.put(name, body, signal);
    },
    async get(name, range, signal) {
      if (range !== undefined) await spend(range.length, signal);
      const bytes = await inner.get(name, range, signal);
      if (range === undefined) await spend(bytes.length, signal);
      return bytes;
    },
    head: (name, signal) => inner.head(name, signal),
    list: (prefix, signal) => inner.list(prefix, signal),
    delete: (name, signal) => inner.delete(name, signal),
  };
}
