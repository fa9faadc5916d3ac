import { damaged } from './damage.ts';

/**
 * Bounds-checked access to the fields of one on-disk structure. Reading past the end is damage (typed),
 * never a crash. Byte order is chosen once, at construction.
 */
export class Fields {
  readonly bytes: Uint8Array;
  readonly structure: string;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, structure: string, order: 'little' | 'big' = 'little') {
    this.bytes = bytes;
    this.structure = structure;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = order === 'little';
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    this.#check(at, 1);
    return this.#view.getUint8(at);
  }

  i8(at: number): number {
    this.#check(at, 1);
    return this.#view.getInt8(at);
  }

  u16(at: number): number {
    this.#check(at, 2);
    return this.#view.getUint16(at, this.#little);
  }

  u32(at: number): number {
    this.#check(at, 4);
    return this.#view.getUint32(at, this.#little);
  }

  i32(at: number): number {
    this.#check(at, 4);
    return this.#view.getInt32(at, this.#little);
  }

  big64(at: number): bigint {
    this.#check(at, 8);
    return this.#view.getBigUint64(at, this.#little);
  }

  signed64(at: number): bigint {
    this.#check(at, 8);
    return this.#view.getBigInt64(at, this.#little);
  }

  /** An unsigned 64-bit field as a number; values above 2^53-1 make no sense on any disk and are damage. */
  u64(at: number): number {
    this.#check(at, 8);
    const high = this.#view.getUint32(this.#little ? at + 4 : at, this.#little);
    if (high > 0x1fffff) throw damaged(this.structure, 'a 64-bit field is absurdly large');
    return high * 0x1_0000_0000 + this.#view.getUint32(this.#little ? at : at + 4, this.#little);
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

  #check(at: number, length: number): void {
    if (at < 0 || length < 0 || at + length > this.bytes.length)
      throw damaged(this.structure, 'a field lies outside of its structure');
  }
}
