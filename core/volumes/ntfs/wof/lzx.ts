import { damaged } from '../../disk/index.ts';
import { BitReader } from './bit-reader.ts';
import { copyMatch } from './copy-match.ts';
import { LzxCodes } from './lzx-codes.ts';
import { undoCallTranslation } from './x86-calls.ts';

const LITERALS = 256;
const blockType = { verbatim: 1, aligned: 2, stored: 3 } as const;
const DEFAULT_BLOCK = 32_768;

/** The distances used last, which short symbols stand for. */
type Recent = [number, number, number];

/** Decompresses one chunk of at most 32 KiB of LZX as Windows Imaging uses it, to exactly `size` bytes. */
export function decompressLzx(input: Uint8Array, size: number): Uint8Array {
  const bits = new BitReader(input);
  const codes = new LzxCodes();
  const out = new Uint8Array(size);
  const recent: Recent = [1, 1, 1];
  for (let at = 0; at < size; ) {
    if (bits.isSpent) throw damaged('compressed data', 'a chunk is cut short');
    const type = bits.take(3);
    const length = bits.take(1) ? DEFAULT_BLOCK : bits.take(16);
    const end = at + length;
    if (end > size) throw damaged('compressed data', 'a block is longer than its chunk');
    if (type === blockType.stored) at = readStored(bits, out, { at, end, recent });
    else if (type === blockType.verbatim || type === blockType.aligned) {
      codes.readFrom(bits, type === blockType.aligned);
      at = readBlock(bits, out, { at, end, recent, codes });
    } else throw damaged('compressed data', 'a block is of no known type');
  }
  undoCallTranslation(out);
  return out;
}

/** Plain bytes, aligned to words, behind the three distances. */
function readStored(
  bits: BitReader,
  out: Uint8Array,
  block: { at: number; end: number; recent: Recent },
): number {
  bits.align();
  for (const index of [0, 1, 2] as const) block.recent[index] = bits.u32();
  for (let at = block.at; at < block.end; at++) out[at] = bits.byte();
  if ((block.end - block.at) % 2 === 1) bits.byte();
  return block.end;
}

function readBlock(
  bits: BitReader,
  out: Uint8Array,
  block: { at: number; end: number; recent: Recent; codes: LzxCodes },
): number {
  const { codes, end } = block;
  let { at } = block;
  while (at < end) {
    const symbol = codes.main.read(bits);
    if (bits.isSpent) throw damaged('compressed data', 'a chunk is cut short');
    if (symbol < LITERALS) out[at++] = symbol;
    else {
      const header = (symbol - LITERALS) & 7;
      const length = 2 + (header === 7 ? 7 + codes.length.read(bits) : header);
      at = copyMatch(out, at, { length, distance: distanceOf(bits, (symbol - LITERALS) >> 3, block) });
    }
  }
  if (at > end) throw damaged('compressed data', 'a block does not end where it should');
  return at;
}

/** One of the last three distances, which becomes the first, or a new one. */
function distanceOf(
  bits: BitReader,
  slot: number,
  { recent, codes }: { recent: Recent; codes: LzxCodes },
): number {
  if (slot < 3) {
    const used = recent[slot] ?? 1;
    recent[slot] = recent[0];
    recent[0] = used;
    return used;
  }
  const distance = codes.distance(bits, slot);
  recent[2] = recent[1];
  recent[1] = recent[0];
  recent[0] = distance;
  return distance;
}
