import { damaged, Fields } from '../../disk/index.ts';
import type { FileContent, FileExtent } from '../../tree/index.ts';
import type { WofCompression } from './wof-reparse.ts';

const FOUR_GIB = 2 ** 32;

/**
 * Content that Windows keeps compressed beside a file: a table of where each chunk ends (that of the last one
 * left out), then the chunks. A chunk that did not become smaller is stored as it is.
 */
export class WofContent implements FileContent {
  readonly size: number;
  readonly #packed: FileContent;
  readonly #compression: WofCompression;
  readonly #chunks: number;
  readonly #entry: 4 | 8;
  #last: { readonly number: number; readonly bytes: Uint8Array } | undefined;

  constructor(parts: { packed: FileContent; size: number; compression: WofCompression }) {
    this.size = parts.size;
    this.#packed = parts.packed;
    this.#compression = parts.compression;
    this.#chunks = Math.ceil(parts.size / parts.compression.chunk);
    this.#entry = parts.size >= FOUR_GIB ? 8 : 4;
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const { chunk } = this.#compression;
    const first = Math.floor(offset / chunk);
    const ends = await this.#ends(first, Math.ceil(end / chunk), signal);
    const out = new Uint8Array(end - offset);
    for (let number = first; number * chunk < end; number++) {
      const bytes = await this.#chunk(
        number,
        { from: ends[number - first], to: ends[number - first + 1] },
        signal,
      );
      const from = Math.max(offset, number * chunk);
      out.set(bytes.subarray(from - number * chunk, end - number * chunk), from - offset);
    }
    return out;
  }

  async *extents(): AsyncIterable<FileExtent> {
    if (this.size > 0) yield { offset: 0, length: this.size, kind: 'data' };
  }

  /** Where the chunks from `first` up to but without `last` start and end, counted from the end of the table. */
  async #ends(first: number, last: number, signal: AbortSignal): Promise<number[]> {
    const table = (this.#chunks - 1) * this.#entry;
    const start = Math.max(0, first - 1);
    const stop = Math.min(last, this.#chunks - 1);
    const bytes = await this.#packed.read(start * this.#entry, (stop - start) * this.#entry, signal);
    const fields = new Fields(bytes, 'compressed file');
    const ends = Array.from({ length: stop - start }, (_, index) =>
      this.#entry === 8 ? fields.u64(index * 8) : fields.u32(index * 4),
    );
    if (first === 0) ends.unshift(0);
    if (last === this.#chunks) ends.push(this.#packed.size - table);
    return ends;
  }

  async #chunk(
    number: number,
    { from = 0, to = 0 }: { from: number | undefined; to: number | undefined },
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    if (this.#last?.number === number) return this.#last.bytes;
    const { chunk, decompress } = this.#compression;
    const size = Math.min(chunk, this.size - number * chunk);
    if (to <= from || to - from > size) throw damaged('compressed file', 'a chunk has an impossible length');
    const table = (this.#chunks - 1) * this.#entry;
    const stored = await this.#packed.read(table + from, to - from, signal);
    const bytes = stored.length === size ? stored : decompress(stored, size);
    this.#last = { number, bytes };
    return bytes;
  }
}
