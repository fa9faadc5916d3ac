import { damaged, stopIfAborted } from './damage.ts';
import type { ReadableDisk } from './readable-disk.ts';
import { Turnstile } from './turnstile.ts';

export interface CacheOptions {
  /** Memory for cached chunks, in bytes. */
  readonly budget: number;
  /** Bytes fetched at once, a power of two. */
  readonly chunk: number;
}

/** Bytes that one fetch may grow to while chunks are asked for one after another. */
const LARGEST_FETCH = 1024 * 1024;
const FETCHES_AT_ONCE = 32;
/** Places where reading may go on, of which the newest are remembered. */
const MOST_STREAMS = 256;

/**
 * A bounded least-recently-used cache for the many small reads of metadata. Reads of four chunks and more
 * are file contents and go straight to the disk. Readers asking for a chunk under way share its fetch. Where
 * chunks are asked for in their order, each fetch is twice as long as the one before it: a distant disk
 * (a repository) is then asked seldom for much instead of often for little.
 */
export class CachedDisk implements ReadableDisk {
  readonly size: number;
  readonly #disk: ReadableDisk;
  readonly #chunk: number;
  readonly #capacity: number;
  readonly #chunks = new Map<number, Uint8Array>();
  readonly #underway = new Map<number, Promise<Uint8Array>>();
  /** By the chunk behind each of the last fetches: how many chunks it took. */
  readonly #streams = new Map<number, number>();
  readonly #turnstile = new Turnstile(FETCHES_AT_ONCE);

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
      const chunk = this.#cached(first) ?? (await this.#get(first, signal));
      return chunk.subarray(inFirst, inFirst + length);
    }
    if (last - first >= 4) return this.#disk.read(offset, length, signal);
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const chunks = await Promise.all(
      numbers.map((number) => this.#cached(number) ?? this.#get(number, signal)),
    );
    return Buffer.concat(chunks).subarray(inFirst, inFirst + length);
  }

  /** The chunk if it is here, which makes it the most recently used one. */
  #cached(number: number): Uint8Array | undefined {
    const bytes = this.#chunks.get(number);
    if (bytes !== undefined) this.#keep(number, bytes);
    return bytes;
  }

  async #get(number: number, signal: AbortSignal): Promise<Uint8Array> {
    const shared = this.#underway.get(number);
    if (shared !== undefined) {
      // Another reader's fetch may end by that reader's own signal; then this one fetches for itself.
      const bytes = await shared.catch(() => undefined);
      if (bytes !== undefined) return bytes;
      stopIfAborted(signal);
    }
    return this.#fetch(number, signal);
  }

  /** Fetches the chunk and, in the course of a stream, some behind it that are neither here nor under way. */
  #fetch(first: number, signal: AbortSignal): Promise<Uint8Array> {
    const count = this.#fetchLength(first);
    const start = first * this.#chunk;
    const length = Math.min(count * this.#chunk, this.size - start);
    const fetching = this.#turnstile.pass(() => this.#disk.read(start, length, signal));
    for (let index = 1; index < count; index++) void this.#await(first + index, index, fetching);
    return this.#await(first, 0, fetching);
  }

  #fetchLength(first: number): number {
    const before = this.#streams.get(first) ?? 0;
    this.#streams.delete(first);
    const most = Math.min(before * 2, LARGEST_FETCH / this.#chunk, this.#capacity / 4);
    const chunks = Math.ceil(this.size / this.#chunk);
    let count = 1;
    while (count < most && first + count < chunks && !this.#isKnown(first + count)) count++;
    this.#streams.set(first + count, count);
    if (this.#streams.size > MOST_STREAMS) dropOldest(this.#streams);
    return count;
  }

  #isKnown(number: number): boolean {
    return this.#chunks.has(number) || this.#underway.has(number);
  }

  /** The chunk at `index` of a fetch, as a copy of its own: a view would keep all of the fetch in memory. */
  #await(number: number, index: number, fetching: Promise<Uint8Array>): Promise<Uint8Array> {
    const arriving = fetching.then((bytes) => {
      const isWhole = bytes.length <= this.#chunk;
      const own = isWhole ? bytes : bytes.slice(index * this.#chunk, (index + 1) * this.#chunk);
      this.#keep(number, own);
      return own;
    });
    const settled = (): void => {
      if (this.#underway.get(number) === arriving) this.#underway.delete(number);
    };
    this.#underway.set(number, arriving);
    arriving.then(settled, settled);
    return arriving;
  }

  /** Makes the chunk the most recently used one and drops the oldest beyond the budget. */
  #keep(number: number, bytes: Uint8Array): void {
    this.#chunks.delete(number);
    this.#chunks.set(number, bytes);
    if (this.#chunks.size > this.#capacity) dropOldest(this.#chunks);
  }
}

function dropOldest(map: Map<number, unknown>): void {
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
