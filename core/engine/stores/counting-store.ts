import type { BlobInfo, BlobStore } from '../blob-store.ts';
import { bodyLength } from './blob-body.ts';
import { readInto } from './read-into.ts';

/** What Azure bills by: classes of operations, and bytes. A page of a listing has up to 5,000 names. */
export interface OperationCounts {
  readonly writes: number;
  readonly reads: number;
  /** Pages of listings. */
  readonly lists: number;
  /** Heads, billed as "all other operations". */
  readonly others: number;
  /** Deletes are free. */
  readonly deletes: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
}

export interface CountingStore extends BlobStore {
  counts(): OperationCounts;
  reset(): void;
}

const listPage = 5000;
const none = {
  writes: 0,
  reads: 0,
  lists: 0,
  others: 0,
  deletes: 0,
  bytesWritten: 0,
  bytesRead: 0,
};

/** Counts what passes through; changes nothing. */
export function countingStore(inner: BlobStore): CountingStore {
  let counts = { ...none };

  async function* list(prefix: string, signal?: AbortSignal): AsyncGenerator<BlobInfo> {
    let names = 0;
    for await (const info of inner.list(prefix, signal)) {
      if (names++ % listPage === 0) counts.lists++;
      yield info;
    }
    if (names === 0) counts.lists++;
  }

  async function getInto(
    name: string,
    offset: number,
    target: Uint8Array,
    signal?: AbortSignal,
  ): Promise<number> {
    counts.reads++;
    const filled = await readInto(inner, { name, offset, target }, signal);
    counts.bytesRead += filled;
    return filled;
  }

  return {
    async put(name, body, signal) {
      counts.writes++;
      counts.bytesWritten += bodyLength(body);
      await inner.put(name, body, signal);
    },
    async get(name, range, signal) {
      counts.reads++;
      const bytes = await inner.get(name, range, signal);
      counts.bytesRead += bytes.length;
      return bytes;
    },
    ...(inner.getInto === undefined ? {} : { getInto }),
    head(name, signal) {
      counts.others++;
      return inner.head(name, signal);
    },
    list,
    delete(name, signal) {
      counts.deletes++;
      return inner.delete(name, signal);
    },
    counts: () => ({ ...counts }),
    reset() {
      counts = { ...none };
    },
  };
}
