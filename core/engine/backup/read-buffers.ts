/** Memory for reads, shared with the compute threads and used again and again. */
export class ReadBuffers {
  readonly #length: number;
  readonly #free: SharedArrayBuffer[] = [];

  /** `length` is the longest read in bytes. */
  constructor(length: number) {
    this.#length = length;
  }

  take(length: number): Uint8Array {
    const memory = this.#free.pop() ?? new SharedArrayBuffer(this.#length);
    return new Uint8Array(memory, 0, length);
  }

  /** Only when no thread looks at it any more. */
  giveBack(bytes: Uint8Array): void {
    if (bytes.buffer instanceof SharedArrayBuffer) this.#free.push(bytes.buffer);
  }
}
