import { crc32 } from 'node:zlib';
import type { BlobStore, ByteRange } from '../blob-store.ts';
import { damaged } from '../format/bytes.ts';

const pieceLength = 4 * 1024 * 1024;

/** Exactly this range of an object; `damaged` when the object is shorter than the store said. */
export async function readRange(
  store: BlobStore,
  part: ByteRange & { readonly name: string },
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await store.get(part.name, { offset: part.offset, length: part.length }, signal);
  if (bytes.length !== part.length) throw damaged(part.name, 'its size is not what the store says');
  return bytes;
}

/** CRC-32 of an object's first `length` bytes, going on from `start`; holds a few MiB whatever its size. */
export async function crcInPieces(
  store: BlobStore,
  part: { readonly name: string; readonly length: number; readonly start: number },
  signal?: AbortSignal,
): Promise<number> {
  let crc = part.start;
  for (let offset = 0; offset < part.length; offset += pieceLength) {
    const length = Math.min(pieceLength, part.length - offset);
    crc = crc32(await readRange(store, { name: part.name, offset, length }, signal), crc);
  }
  return crc;
}
