import type { BlobStore } from '../blob-store.ts';
import { memoryStore } from '../stores/memory-store.ts';

/** A memory store holding what another store holds now. */
export async function copyStore(from: BlobStore): Promise<BlobStore> {
  const copy = memoryStore();
  for await (const { name } of from.list('')) await copy.put(name, await from.get(name));
  return copy;
}
