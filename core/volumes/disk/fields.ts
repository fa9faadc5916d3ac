import { damaged } from './damage.ts';

/**
 * Bounds-checked access to the fields of one on-disk structure. Reading past the end is damage (typed),
 * never a crash. Byte order is chosen once, at construction. Made for every small structure there is, so it
 * costs one object only.
 */
export class Fields {
  readonly bytes: Uint8Array;
  readonly structure: string;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, structure: string, order: 'little' | 'big' = 'little') {
    this.bytes = bytes;
    this.structure = structure;
    this.#little = order === 'little';
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    this.#check(at, 1);
    return this.bytes[at] ?? 0;
  }

  i8(at: number): number {
    return (this.u8(at) << 24) >> 24;
  }

  u16(at: number): number {
    this.#check(at, 2);
    return this.#little ? this.#low16(at) : this.#high16(at);
  }

  u32(at: number): number {
    return this.i32(at) >>> 0;
  }

  i32(at: number): number {
    this.#check(at, 4);
    return this.#little
      ? this.#low16(at) | (this.#low16(at + 2) << 16)
      : (this.#high16(at) << 16) | this.#high16(at + 2);
  }

  big64(at: number): bigint {
    return BigInt.asUintN(64, this.signed64(at));
  }

  signed64(at: number): bigint {
    const [high, low] = this.#little ? [this.i32(at + 4), this.u32(at)] : [this.i32(at), this.u32(at + 4)];
    return BigInt(high) * 0x1_0000_0000n + BigInt(low);
  }

  /** An unsigned 64-bit field as a number; values above 2^53-1 make no sense on any disk and are damage. */
  u64(at: number): number {
    const high = this.u32(this.#little ? at + 4 : at);
    if (high > 0x1fffff) throw damaged(this.structure, 'a 64-bit field is absurdly large');
    return high * 0x1_0000_0000 + this.u32(this.#little ? at : at + 4);
  }

  /** A view (not a copy) of `length` bytes at `at`. */
  slice(at: number, length: number): Uint8Array {
    this.#check(at, length);
    return this.bytes.subarray(at, at + length);
  }

  /** ASCII text of at most `length` bytes, cut at the first NUL. */
  ascii(at: number, length: number): string {
    const raw = this.slice(at, length);
    const end = raw.indexOf(0);
    return Buffer.from(raw.subarray(0, end < 0 ? length : end)).toString('latin1');
  }

  #low16(at: number): number {
    return (this.bytes[at] ?? 0) | ((this.bytes[at + 1] ?? 0) << 8);
  }

  #high16(at: number): number {
    return ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0);
  }

  #check(at: number, length: number): void {
    if (at < 0 || length < 0 || at + length > this.bytes.length)
      throw damaged(this.structure, 'a field lies outside of its structure');
  }
}
