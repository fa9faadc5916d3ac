import { damaged } from '../../disk/index.ts';
import type { BitReader } from './bit-reader.ts';

const LONGEST = 16;

/** A canonical Huffman code: shorter words first, and words of one length in the order of their symbols. */
export class PrefixCode {
  /** By the next 16 bits' upper part: the symbol and the length of its word; 0 where there is none. */
  readonly #table: Uint16Array;
  readonly #bits: number;

  /** `lengths` of the words of all symbols, 0 for one that does not occur. */
  constructor(lengths: Uint8Array) {
    this.#bits = lengths.reduce((most, length) => Math.max(most, length), 1);
    if (this.#bits > LONGEST || lengths.length > 2048) throw damaged('compressed data', 'a code is too long');
    this.#table = new Uint16Array(2 ** this.#bits * 2);
    let next = 0;
    for (let length = 1; length <= this.#bits; length++) {
      const span = 2 ** (this.#bits - length);
      for (let symbol = 0; symbol < lengths.length; symbol++)
        if (lengths[symbol] === length) {
          if (next + span > 2 ** this.#bits) throw damaged('compressed data', 'a code has too many words');
          this.#table.fill(length, next * 2, (next + span) * 2);
          for (let at = next; at < next + span; at++) this.#table[at * 2] = symbol;
          next += span;
        }
    }
  }

  read(bits: BitReader): number {
    const at = bits.peek() >>> (16 - this.#bits);
    const length = this.#table[at * 2 + 1] ?? 0;
    if (length === 0) throw damaged('compressed data', 'a word is in no code');
    bits.take(length);
    return this.#table[at * 2] ?? 0;
  }
}
