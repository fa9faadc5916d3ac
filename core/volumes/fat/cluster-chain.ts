import { damaged, Fields, type ReadableDisk, stopIfAborted } from '../disk/index.ts';
import { RunList } from '../tree/index.ts';

const WINDOW = 32 * 1024;

export interface FatPlace {
  readonly disk: ReadableDisk;
  /** Byte offset of the table. */
  readonly start: number;
  /** Bits of an entry; exFAT uses all 32, FAT32 the lower 28. */
  readonly bits: 12 | 16 | 28 | 32;
  /** Clusters of the volume; they are numbered from 2. */
  readonly clusters: number;
}

/** A file allocation table: says for each cluster which one follows. */
export class FatTable {
  readonly #place: FatPlace;
  #window: { readonly start: number; readonly fields: Fields } | undefined;

  constructor(place: FatPlace) {
    this.#place = place;
  }

  /** The next cluster of a chain; undefined at its end. */
  async next(cluster: number, signal: AbortSignal): Promise<number | undefined> {
    const value = await this.entry(cluster, signal);
    if (this.isCluster(value)) return value;
    if (value >= 2 ** this.#place.bits - 8) return undefined;
    throw damaged('allocation table', 'a chain leads to a cluster that does not exist');
  }

  isCluster(value: number): boolean {
    return value >= 2 && value < this.#place.clusters + 2;
  }

  async entry(index: number, signal: AbortSignal): Promise<number> {
    const { bits } = this.#place;
    if (bits === 12) {
      const pair = (await this.#at(Math.floor(index * 1.5), 2, signal)).u16();
      return index % 2 ? pair >> 4 : pair & 0xfff;
    }
    if (bits === 16) return (await this.#at(index * 2, 2, signal)).u16();
    const value = (await this.#at(index * 4, 4, signal)).u32();
    return bits === 28 ? value & 0xfffffff : value;
  }

  /**
   * The runs of a chain, followed for at most `most` clusters. A chain longer than the volume has clusters
   * goes in circles. Cluster 2 is at 0 in the runs.
   */
  async runs(first: number, bounds: { most: number; pieces: number }, signal: AbortSignal): Promise<RunList> {
    const list = new RunList(bounds.pieces);
    const most = Math.min(bounds.most, this.#place.clusters + 1);
    let cluster: number | undefined = first;
    for (let count = 0; cluster !== undefined && count < most; count++) {
      if (!this.isCluster(cluster)) throw damaged('directory entry', 'its first cluster does not exist');
      if (count === this.#place.clusters) throw damaged('allocation table', 'a chain goes in circles');
      if (count % 4096 === 0) stopIfAborted(signal);
      list.push(1, cluster - 2);
      cluster = await this.next(cluster, signal);
    }
    return list;
  }

  async #at(offset: number, length: number, signal: AbortSignal): Promise<{ u16(): number; u32(): number }> {
    const known = this.#window;
    if (known === undefined || offset < known.start || offset + length > known.start + known.fields.length) {
      const start = Math.floor(offset / 4) * 4;
      const at = this.#place.start + start;
      const bytes = await this.#place.disk.read(at, Math.min(WINDOW, this.#place.disk.size - at), signal);
      this.#window = { start, fields: new Fields(bytes, 'allocation table') };
    }
    const { start, fields } = this.#window ?? {
      start: 0,
      fields: new Fields(new Uint8Array(0), 'allocation table'),
    };
    return { u16: () => fields.u16(offset - start), u32: () => fields.u32(offset - start) };
  }
}
