/**
 * Memory for packs being checked, used again and again and shared with the threads: nothing to copy, nothing that
 * waits for the garbage collector.
 */
export class PackBuffers {
  readonly #length: number;
  readonly #free: SharedArrayBuffer[] = [];

  /** Every buffer has at least `length` bytes, so that any of them serves for nearly any pack. */
  constructor(length: number) {
    this.#length = length;
  }

  /** Runs `work` with at least this many bytes, whose content is left over from earlier work. */
  async with<T>(length: number, work: (bytes: Uint8Array) => Promise<T>): Promise<T> {
    const buffer = this.#take(length);
    try {
      return await work(new Uint8Array(buffer, 0, length));
    } finally {
      this.#free.push(buffer);
    }
  }

  #take(length: number): SharedArrayBuffer {
    const at = this.#free.findIndex((buffer) => buffer.byteLength >= length);
    const [known] = at < 0 ? [] : this.#free.splice(at, 1);
    return known ?? new SharedArrayBuffer(Math.max(length, this.#length));
  }
}
