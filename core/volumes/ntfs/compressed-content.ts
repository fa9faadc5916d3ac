import { damaged, type ReadableDisk, stopIfAborted } from '../disk/index.ts';
import type { FileContent, FileExtent, RunList } from '../tree/index.ts';
import { decompressLznt1 } from './lznt1.ts';

export interface CompressedOptions {
  readonly disk: ReadableDisk;
  readonly runs: RunList;
  readonly clusterSize: number;
  /** Clusters compressed together. */
  readonly unit: number;
  readonly size: number;
  readonly validSize: number;
}

/** Content compressed by NTFS itself: each unit is stored plain, compressed in fewer clusters, or a hole. */
export class CompressedContent implements FileContent {
  readonly size: number;
  readonly #options: CompressedOptions;
  readonly #unitBytes: number;
  #lastUnit: { readonly number: number; readonly bytes: Uint8Array } | undefined;

  constructor(options: CompressedOptions) {
    this.size = options.size;
    this.#options = options;
    this.#unitBytes = options.unit * options.clusterSize;
    if (this.#unitBytes > 16 * 1024 * 1024) throw damaged('compressed data', 'its units are too large');
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const out = new Uint8Array(end - offset);
    for (let at = offset; at < Math.min(end, this.#options.validSize); ) {
      const number = Math.floor(at / this.#unitBytes);
      const start = number * this.#unitBytes;
      const upTo = Math.min(end, this.#options.validSize, start + this.#unitBytes);
      const unit = await this.#unit(number, signal);
      out.set(unit.subarray(at - start, upTo - start), at - offset);
      at = upTo;
    }
    return out;
  }

  async *extents(signal: AbortSignal): AsyncIterable<FileExtent> {
    let offset = 0;
    let kind: 'data' | 'hole' | undefined;
    for (let at = 0; at < this.size; ) {
      stopIfAborted(signal);
      const unit = Math.floor(at / this.#unitBytes) * this.#options.unit;
      const run = this.#options.runs.find(unit);
      const next =
        run.at === undefined && run.start + run.length >= unit + this.#options.unit ? 'hole' : 'data';
      if (kind !== undefined && kind !== next) {
        yield { offset, length: at - offset, kind };
        offset = at;
      }
      kind = next;
      const units = next === 'data' ? 1 : Math.floor((run.start + run.length - unit) / this.#options.unit);
      at = Math.min(this.size, at + units * this.#unitBytes);
    }
    if (kind !== undefined) yield { offset, length: this.size - offset, kind };
  }

  async #unit(number: number, signal: AbortSignal): Promise<Uint8Array> {
    if (this.#lastUnit?.number === number) return this.#lastUnit.bytes;
    const stored = await this.#storedClusters(number * this.#options.unit, signal);
    const bytes =
      stored.length === 0 || stored.length === this.#unitBytes
        ? stored
        : decompressLznt1(stored, this.#unitBytes);
    this.#lastUnit = { number, bytes };
    return bytes;
  }

  /** The clusters of a unit that exist on the disk, one behind the other. */
  async #storedClusters(first: number, signal: AbortSignal): Promise<Uint8Array> {
    const { disk, runs, clusterSize, unit } = this.#options;
    const parts: Uint8Array[] = [];
    for (let cluster = first; cluster < first + unit; ) {
      const run = runs.find(cluster);
      const count = Math.min(first + unit, run.start + run.length) - cluster;
      if (run.at !== undefined)
        parts.push(
          await disk.read((run.at + cluster - run.start) * clusterSize, count * clusterSize, signal),
        );
      cluster += count;
    }
    return Buffer.concat(parts);
  }
}
