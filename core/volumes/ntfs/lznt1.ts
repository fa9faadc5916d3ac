import { damaged } from '../disk/index.ts';

const CHUNK = 4096;

/**
 * Decompresses LZNT1 (described in [MS-XCA] 2.5) into at most `size` bytes; the rest stays zero. Input that
 * ends early or points before its chunk is damage.
 */
export function decompressLznt1(input: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let written = 0;
  for (let at = 0; at + 2 <= input.length && written < size; ) {
    const header = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8);
    if (header === 0) break;
    const end = at + 2 + (header & 0xfff) + 1;
    if (end > input.length) throw damaged('compressed data', 'a chunk is cut short');
    const chunk = input.subarray(at + 2, end);
    const room = out.subarray(written, Math.min(size, written + CHUNK));
    if (header & 0x8000) expandChunk(chunk, room);
    else room.set(chunk.subarray(0, room.length));
    written += CHUNK;
    at = end;
  }
  return out;
}

/** Literals and references back into the same chunk; the split of a reference's bits moves with the place. */
function expandChunk(input: Uint8Array, out: Uint8Array): void {
  let at = 0;
  let place = 0;
  while (at < input.length && place < out.length) {
    const flags = input[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < input.length && place < out.length; bit++) {
      if (!(flags & (1 << bit))) {
        out[place++] = input[at++] ?? 0;
        continue;
      }
      if (at + 2 > input.length) throw damaged('compressed data', 'a reference is cut short');
      const token = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8);
      at += 2;
      const lengthBits = 12 - Math.max(0, 32 - Math.clz32(Math.max(0, place - 1)) - 4);
      const from = place - ((token >> lengthBits) + 1);
      if (from < 0) throw damaged('compressed data', 'it refers to before its start');
      const end = Math.min(out.length, place + (token & ((1 << lengthBits) - 1)) + 3);
      for (let source = from; place < end; ) out[place++] = out[source++] ?? 0;
    }
  }
}
