import { damaged } from '../../disk/index.ts';
import { BitReader } from './bit-reader.ts';
import { copyMatch } from './copy-match.ts';
import { PrefixCode } from './prefix-code.ts';

const LENGTHS = 256;
const LITERALS = 256;

/** Decompresses one chunk of LZ77 with Huffman codes ([MS-XCA] 2.2) to exactly `size` bytes. */
export function decompressXpress(input: Uint8Array, size: number): Uint8Array {
  if (input.length < LENGTHS) throw damaged('compressed data', 'a chunk is too short');
  const code = new PrefixCode(
    Uint8Array.from({ length: 2 * LENGTHS }, (_, symbol) => codeLength(input, symbol)),
  );
  const bits = new BitReader(input, LENGTHS);
  const out = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const symbol = code.read(bits);
    if (bits.isSpent) throw damaged('compressed data', 'a chunk is cut short');
    if (symbol < LITERALS) out[at++] = symbol;
    else at = copyMatch(out, at, match(bits, symbol - LITERALS));
  }
  return out;
}

function codeLength(input: Uint8Array, symbol: number): number {
  const pair = input[symbol >> 1] ?? 0;
  return symbol & 1 ? pair >> 4 : pair & 0xf;
}

/** Long lengths are bytes between the words of bits, behind the word that the distance may reach into. */
function match(bits: BitReader, symbol: number): { distance: number; length: number } {
  const width = symbol >> 4;
  bits.fill();
  const distance = 2 ** width + bits.take(width);
  let length = symbol & 0xf;
  if (length === 15) {
    length += bits.byte();
    if (length === 15 + 255) length = bits.u16();
  }
  return { distance, length: length + 3 };
}
