import { damaged, stopIfAborted } from './damage.ts';
import type { ReadableDisk } from './readable-disk.ts';

export interface CacheOptions {
  /** Memory for cached chunks, in bytes. */
  readonly budget: number;
  /** Bytes fetched at once, a power of two. */
  readonly chunk: number;
}

/**
 * A bounded least-recently-used cache for the many small reads of metadata. Reads of four chunks and more
 * are file contents and go straight to the disk. Readers asking for a chunk under way share its fetch.
 */
export class CachedDisk implements ReadableDisk {
  readonly size: number;
  readonly #disk: ReadableDisk;
  readonly #chunk: number;
  readonly #capacity: number;
  readonly #chunks = new Map<number, Uint8Array>();
  readonly #underway = new Map<number, Promise<Uint8Array>>();

  constructor(disk: ReadableDisk, options: CacheOptions) {
    this.#disk = disk;
    this.size = disk.size;
    this.#chunk = options.chunk;
    this.#capacity = Math.max(8, Math.floor(options.budget / options.chunk));
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size))
      throw damaged('layout', 'something points outside of the disk');
    stopIfAborted(signal);
    const first = Math.floor(offset / this.#chunk);
    const last = Math.floor((offset + Math.max(1, length) - 1) / this.#chunk);
    const inFirst = offset - first * this.#chunk;
    if (first === last) {
      const chunk = this.#chunks.get(first) ?? (await this.#fetch(first, signal));
      return chunk.subarray(inFirst, inFirst + length);
    }
    if (last - first >= 4) return this.#disk.read(offset, length, signal);
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const chunks = await Promise.all(numbers.map((number) => this.#fetch(number, signal)));
    return Buffer.concat(chunks).subarray(inFirst, inFirst + length);
  }

  async #fetch(number: number, signal: AbortSignal): Promise<Uint8Array> {
    stopIfAborted(signal);
    const cached = this.#chunks.get(number);
    if (cached !== undefined) return this.#keep(number, cached);
    const shared = this.#underway.get(number);
    if (shared !== undefined) {
      // Another reader's fetch may end by that reader's own signal; then this one fetches for itself.
      const bytes = await shared.catch(() => undefined);
      if (bytes !== undefined) return bytes;
    }
    const start = number * this.#chunk;
    const fetching = this.#disk.read(start, Math.min(this.#chunk, this.size - start), signal);
    this.#underway.set(number, fetching);
    try {
      return this.#keep(number, await fetching);
    } finally {
      if (this.#underway.get(number) === fetching) this.#underway.delete(number);
    }
  }

  /** Makes the chunk the most recently used one and drops the oldest beyond the budget. */
  #keep(number: number, bytes: Uint8Array): Uint8Array {
    this.#chunks.delete(number);
    this.#chunks.set(number, bytes);
    if (this.#chunks.size > this.#capacity) {
      const oldest = this.#chunks.keys().next();
      if (!oldest.done) this.#chunks.delete(oldest.value);
    }
    return bytes;
  }
}
