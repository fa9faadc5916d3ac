import type { ComparedPlace } from './compare-places.ts';

/** Whether two files have the same bytes, and how many were read of each. */
export async function sameContent(
  left: ComparedPlace,
  right: ComparedPlace,
  signal: AbortSignal,
): Promise<{ readonly same: boolean; readonly bytes: number }> {
  const [lefts, rights] = [bytesOf(left, signal), bytesOf(right, signal)];
  let bytes = 0;
  try {
    let [one, other] = await Promise.all([nextPiece(lefts), nextPiece(rights)]);
    while (one.length > 0 && other.length > 0) {
      const length = Math.min(one.length, other.length);
      if (Buffer.compare(one.subarray(0, length), other.subarray(0, length)) !== 0)
        return { same: false, bytes };
      bytes += length;
      [one, other] = await Promise.all([rest(one, length, lefts), rest(other, length, rights)]);
    }
    return { same: one.length === other.length, bytes };
  } finally {
    await Promise.all([lefts.return?.(), rights.return?.()]);
  }
}

function bytesOf({ service, volumeId, path }: ComparedPlace, signal: AbortSignal): AsyncIterator<Uint8Array> {
  return service.read({ volumeId, path, offset: 0, stream: '' }, signal)[Symbol.asyncIterator]();
}

/** The next bytes; none at the end. */
async function nextPiece(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  for (;;) {
    const step = await pieces.next();
    if (step.done) return new Uint8Array(0);
    if (step.value.length > 0) return step.value;
  }
}

async function rest(piece: Uint8Array, used: number, pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  return used < piece.length ? piece.subarray(used) : nextPiece(pieces);
}
