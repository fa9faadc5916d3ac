/** Buffers of one length that are used again: an answer of gigabytes made of new ones keeps the collector busy. */
export class PieceMemory {
  readonly #length: number;
  readonly #most: number;
  readonly #free: Buffer[] = [];

  /** Keeps at most `most` buffers that nobody uses. */
  constructor(length: number, most: number) {
    this.#length = length;
    this.#most = most;
  }

  /** Holds whatever it held before. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#length);
  }

  /** Only when nobody looks at it any more; what is never given back is merely not used again. */
  giveBack(buffer: Buffer): void {
    if (this.#free.length < this.#most) this.#free.push(buffer);
  }
}
