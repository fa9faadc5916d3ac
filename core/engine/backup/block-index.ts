import { tagLength } from '../crypto/aead.ts';
import type { IndexRecord } from '../format/index-object.ts';
import { footerEntryLength, type PackPlace, packHeaderLength, packTrailerLength } from '../format/pack.ts';
import { type NumberColumn, uint16Column, uint32Column } from '../packs/number-column.ts';
import { PackIds } from '../packs/pack-ids.ts';
import { IdTable, maxValue } from './id-table.ts';

/** Enough for 18 million blocks, 17 TiB of different content in blocks of 1 MiB; more would take a backup over 512 MiB. */
const defaultBytes = 96 * 1024 * 1024;
/** Packs that are being filled; more than there are threads. */
const openPacks = 64;

/**
 * In which packs the repository may have a block: about 6 bytes a block. It is a hint in two ways. Of an id only 50
 * bits count, so the pack's own footer has to confirm it; and what it does not know is stored once more, which
 * costs space and never correctness. So its memory is bounded, and beyond the bound nothing is added.
 */
export class BlockIndex {
  readonly #table: IdTable;
  readonly #packs = new PackIds();
  /** By pack: length of its blocks, and how many. */
  readonly #bodies: NumberColumn = uint32Column();
  readonly #blocks: NumberColumn = uint16Column();
  readonly #open = new Map<string, number>();

  constructor(options: { readonly bytes?: number; readonly expectedBlocks?: number } = {}) {
    const { bytes = defaultBytes, expectedBlocks = 0 } = options;
    this.#table = new IdTable({ bytes, expected: expectedBlocks });
  }

  get size(): number {
    return this.#table.size;
  }

  get full(): boolean {
    return this.#table.full || this.#packs.size > maxValue;
  }

  /** All blocks of a pack, as an index object lists them. */
  addPack(record: IndexRecord): void {
    if (this.full) return;
    const { entries } = record;
    const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
    const pack = this.#packs.push(record.packId);
    let body = 0;
    for (let at = 0; at < entries.length; at += footerEntryLength) {
      this.#table.add(view.getUint32(at, true), view.getUint32(at + 4, true), pack);
      body += view.getUint32(at + 33, true);
    }
    this.#bodies.set(pack, body);
    this.#blocks.set(pack, record.blockCount);
  }

  /** A block that was stored just now, in a pack that may still be growing. */
  addBlock(ref: StoredBlock): void {
    if (this.full) return;
    const pack = this.#openPack(ref.pack);
    const view = new DataView(ref.id.buffer, ref.id.byteOffset, 8);
    this.#table.add(view.getUint32(0, true), view.getUint32(4, true), pack);
    this.#bodies.set(pack, ref.offset + ref.length - packHeaderLength);
    this.#blocks.set(pack, ref.slot + 1);
  }

  /** Packs that probably hold this block. */
  packsOf(id: Uint8Array): IndexedPlace[] {
    const view = new DataView(id.buffer, id.byteOffset, 8);
    const packs = this.#table.find(view.getUint32(0, true), view.getUint32(4, true));
    return packs.map((pack) => {
      const end = this.#blocks.get(pack) * footerEntryLength + tagLength + packTrailerLength;
      const size = packHeaderLength + this.#bodies.get(pack) + end;
      return { packId: this.#packs.idAt(pack), size, end };
    });
  }

  #openPack(packId: string): number {
    const known = this.#open.get(packId);
    if (known !== undefined) return known;
    const pack = this.#packs.push(packId);
    const [oldest] = this.#open.keys();
    if (this.#open.size >= openPacks && oldest !== undefined) this.#open.delete(oldest);
    this.#open.set(packId, pack);
    return pack;
  }
}

export interface IndexedPlace extends PackPlace {
  /** Length of footer and trailer. */
  readonly end: number;
}

/** What the index needs to know of a block. */
export interface StoredBlock {
  readonly id: Uint8Array;
  readonly pack: string;
  readonly slot: number;
  readonly offset: number;
  readonly length: number;
}
