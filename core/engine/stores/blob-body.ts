import type { BlobBody } from '../blob-store.ts';

export function bodyParts(body: BlobBody): readonly Uint8Array[] {
  return body instanceof Uint8Array ? [body] : body;
}

/** One fresh copy of all parts. */
export function joinBody(body: BlobBody): Uint8Array {
  const parts = bodyParts(body);
  const joined = new Uint8Array(bodyLength(body));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export function bodyLength(body: BlobBody): number {
  return bodyParts(body).reduce((sum, part) => sum + part.length, 0);
}
