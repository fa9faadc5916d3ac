import { type NumberColumn, uint32Column } from '../collect/number-column.ts';
import { PackNumbers } from '../collect/pack-numbers.ts';
import { tagLength } from '../crypto/aead.ts';
import type { IndexRecord } from '../format/index-object.ts';
import { footerEntryLength, type PackPlace, packHeaderLength, packTrailerLength } from '../format/pack.ts';
import { IdTable, maxValue } from './id-table.ts';

/** Enough for 33.9 million blocks: 32 TiB of different content in blocks of 1 MiB. */
const defaultBytes = 180 * 1024 * 1024;

/**
 * In which packs the repository may have a block: about 6 bytes a block. It is a hint in two ways. Of an id only 50
 * bits count, so the pack's own footer has to confirm it; and what it does not know is stored once more, which
 * costs space and never correctness. So its memory is bounded, and beyond the bound nothing is added.
 */
export class BlockIndex {
  readonly #table: IdTable;
  readonly #packs = new PackNumbers();
  /** By number of the pack: length of its blocks, and how many. */
  readonly #bodies: NumberColumn = uint32Column();
  readonly #blocks: NumberColumn = uint32Column();

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
    const number = this.#packs.add(record.packId);
    let body = 0;
    for (let at = 0; at < entries.length; at += footerEntryLength) {
      this.#table.add(view.getUint32(at, true), view.getUint32(at + 4, true), number);
      body += view.getUint32(at + 33, true);
    }
    this.#bodies.set(number, body);
    this.#blocks.set(number, record.blockCount);
  }

  /** A block that was stored just now, in a pack that may still be growing. */
  addBlock(ref: StoredBlock): void {
    if (this.full) return;
    const number = this.#packs.add(ref.pack);
    const view = new DataView(ref.id.buffer, ref.id.byteOffset, 8);
    this.#table.add(view.getUint32(0, true), view.getUint32(4, true), number);
    this.#bodies.set(number, ref.offset + ref.length - packHeaderLength);
    this.#blocks.set(number, ref.slot + 1);
  }

  /** Packs that probably hold this block. */
  packsOf(id: Uint8Array): IndexedPlace[] {
    const view = new DataView(id.buffer, id.byteOffset, 8);
    const numbers = this.#table.find(view.getUint32(0, true), view.getUint32(4, true));
    return numbers.map((number) => {
      const end = this.#blocks.get(number) * footerEntryLength + tagLength + packTrailerLength;
      const size = packHeaderLength + this.#bodies.get(number) + end;
      return { packId: this.#packs.idOf(number), size, end };
    });
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
