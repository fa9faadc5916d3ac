import { isPageMemory, pageMemory } from '../page-memory.ts';

/** Memory for reads, shared with the compute threads and used again and again. */
export class ReadBuffers {
  readonly #length: number;
  readonly #free: Uint8Array[] = [];

  /** `length` is the longest read in bytes. */
  constructor(length: number) {
    this.#length = length;
  }

  take(length: number): Uint8Array {
    const memory = this.#free.pop() ?? pageMemory(this.#length);
    return memory.subarray(0, length);
  }

  /** Only when no thread looks at it any more. */
  giveBack(bytes: Uint8Array): void {
    if (isPageMemory(bytes)) this.#free.push(new Uint8Array(bytes.buffer, 0, this.#length));
  }
}
