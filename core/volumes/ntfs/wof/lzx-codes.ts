import { damaged } from '../../disk/index.ts';
import type { BitReader } from './bit-reader.ts';
import { PrefixCode } from './prefix-code.ts';

const LITERALS = 256;
/** Ranges of distances in a window of 32 KiB. */
const SLOTS = 30;
const LENGTH_SYMBOLS = 249;
/** Symbols of the code that the lengths of the other codes are written in. */
const run = { zeros: 17, moreZeros: 18, same: 19, symbols: 20 } as const;

/** The codes of the current block; the lengths of their words are written as changes to those of the block before. */
export class LzxCodes {
  readonly #mainLengths = new Uint8Array(LITERALS + SLOTS * 8);
  readonly #lengthLengths = new Uint8Array(LENGTH_SYMBOLS);
  #main = new PrefixCode(new Uint8Array(1));
  #length = new PrefixCode(new Uint8Array(1));
  #aligned: PrefixCode | undefined;

  get main(): PrefixCode {
    return this.#main;
  }

  get length(): PrefixCode {
    return this.#length;
  }

  readFrom(bits: BitReader, isAligned: boolean): void {
    this.#aligned = isAligned
      ? new PrefixCode(Uint8Array.from({ length: 8 }, () => bits.take(3)))
      : undefined;
    readLengths(bits, this.#mainLengths.subarray(0, LITERALS));
    readLengths(bits, this.#mainLengths.subarray(LITERALS));
    readLengths(bits, this.#lengthLengths);
    this.#main = new PrefixCode(this.#mainLengths);
    this.#length = new PrefixCode(this.#lengthLengths);
  }

  /** The distance in a range: its start and the bits behind, of which the lowest three may have a code. */
  distance(bits: BitReader, slot: number): number {
    const width = slot < 4 ? 0 : (slot >> 1) - 1;
    const start = slot < 4 ? slot : (2 + (slot & 1)) * 2 ** width;
    const within =
      this.#aligned === undefined || width < 3
        ? bits.take(width)
        : bits.take(width - 3) * 8 + this.#aligned.read(bits);
    return start + within - 2;
  }
}

function readLengths(bits: BitReader, lengths: Uint8Array): void {
  const code = new PrefixCode(Uint8Array.from({ length: run.symbols }, () => bits.take(4)));
  for (let at = 0; at < lengths.length; ) {
    const symbol = code.read(bits);
    if (bits.isSpent) throw damaged('compressed data', 'a chunk is cut short');
    const { count, value } = runOf(bits, symbol, { before: lengths[at] ?? 0, code });
    lengths.fill(value, at, at + count);
    at += count;
  }
}

function runOf(
  bits: BitReader,
  symbol: number,
  { before, code }: { before: number; code: PrefixCode },
): { count: number; value: number } {
  if (symbol === run.zeros) return { count: 4 + bits.take(4), value: 0 };
  if (symbol === run.moreZeros) return { count: 20 + bits.take(5), value: 0 };
  if (symbol === run.same) {
    const count = 4 + bits.take(1);
    return { count, value: changed(before, code.read(bits)) };
  }
  return { count: 1, value: changed(before, symbol) };
}

function changed(before: number, symbol: number): number {
  if (symbol >= run.zeros) throw damaged('compressed data', 'the length of a word is none');
  return (before - symbol + 17) % 17;
}
