import type { BlobBody, BlobInfo, BlobStore, ByteRange } from '../blob-store.ts';
import { joinBody } from './blob-body.ts';
import { checkObjectName, nameTaken, noSuchObject } from './object-name.ts';

interface Entry {
  readonly bytes: Uint8Array;
  readonly modifiedAt: Date;
}

/** A store that lives as long as the process; `clock` stamps the objects. */
export function memoryStore(clock: () => number = () => 0): BlobStore {
  const objects = new Map<string, Entry>();

  async function* list(prefix: string, signal?: AbortSignal): AsyncGenerator<BlobInfo> {
    for (const name of [...objects.keys()].filter((key) => key.startsWith(prefix)).sort()) {
      signal?.throwIfAborted();
      const entry = objects.get(name);
      if (entry !== undefined) yield infoOf(name, entry);
    }
  }

  return {
    async put(name: string, body: BlobBody, signal?: AbortSignal) {
      checkObjectName(name);
      signal?.throwIfAborted();
      if (objects.has(name)) throw nameTaken(name);
      objects.set(name, { bytes: joinBody(body), modifiedAt: new Date(clock()) });
    },
    async get(name: string, range?: ByteRange, signal?: AbortSignal) {
      signal?.throwIfAborted();
      const entry = objects.get(name);
      if (entry === undefined) throw noSuchObject(name);
      return range === undefined
        ? entry.bytes.slice()
        : entry.bytes.slice(range.offset, range.offset + range.length);
    },
    async head(name: string, signal?: AbortSignal) {
      signal?.throwIfAborted();
      const entry = objects.get(name);
      return entry === undefined ? undefined : infoOf(name, entry);
    },
    list,
    async delete(name: string, signal?: AbortSignal) {
      signal?.throwIfAborted();
      objects.delete(name);
    },
  };
}

function infoOf(name: string, entry: Entry): BlobInfo {
  return { name, size: entry.bytes.length, modifiedAt: entry.modifiedAt };
}
