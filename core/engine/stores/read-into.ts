import type { BlobStore } from '../blob-store.ts';

export interface IntoRequest {
  readonly name: string;
  readonly offset: number;
  readonly target: Uint8Array;
}

/** `getInto` of any store: one that lacks it gives its bytes to be copied. */
export async function readInto(
  store: BlobStore,
  request: IntoRequest,
  signal?: AbortSignal,
): Promise<number> {
  const { name, offset, target } = request;
  if (store.getInto !== undefined) return store.getInto(name, offset, target, signal);
  const bytes = await store.get(name, { offset, length: target.length }, signal);
  target.set(bytes);
  return bytes.length;
}
