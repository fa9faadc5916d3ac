import { AppError } from '../../contract/index.ts';

/** The error for stored bytes that are not what they must be. Names the object and says what is wrong. */
export function damaged(object: string, reason: string, cause?: unknown): AppError {
  return new AppError('damaged', {
    message: `The object ${object} of the repository is damaged: ${reason}.`,
    hint: 'Run a deep health check to learn which restore points are affected.',
    details: { object, reason },
    cause,
  });
}

/** Reads little-endian fields; never past the end: short input is `damaged` with the object's name. */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #object: string;
  #offset = 0;

  constructor(bytes: Uint8Array, object: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#object = object;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#advance(1));
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#advance(2));
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#advance(4));
  }

  /** A view of the next `length` bytes, not a copy. */
  take(length: number): Buffer {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  rest(): Buffer {
    return this.take(this.remaining);
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  expectEnd(): void {
    if (this.remaining !== 0) throw damaged(this.#object, 'there are bytes after its end');
  }

  #advance(length: number): number {
    if (length > this.remaining) throw damaged(this.#object, 'it is shorter than it says');
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}

/** Writes little-endian fields into one buffer of a size known beforehand. */
export class ByteWriter {
  readonly bytes: Buffer;
  #offset = 0;

  constructor(size: number) {
    this.bytes = Buffer.alloc(size);
  }

  u8(value: number): this {
    this.#offset = this.bytes.writeUInt8(value, this.#offset);
    return this;
  }

  u16(value: number): this {
    this.#offset = this.bytes.writeUInt16LE(value, this.#offset);
    return this;
  }

  u32(value: number): this {
    this.#offset = this.bytes.writeUInt32LE(value, this.#offset);
    return this;
  }

  put(bytes: Uint8Array): this {
    if (bytes.length > this.bytes.length - this.#offset) throw new RangeError('Write past the end.');
    this.bytes.set(bytes, this.#offset);
    this.#offset += bytes.length;
    return this;
  }
}
