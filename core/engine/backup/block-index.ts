import { tagLength } from '../crypto/aead.ts';
import type { IndexRecord } from '../format/index-object.ts';
import { packIdFromBytes, packIdLength, packIdToBytes } from '../format/names.ts';
import { footerEntryLength, type PackPlace, packHeaderLength, packTrailerLength } from '../format/pack.ts';
import { IdTable, maxValue } from './id-table.ts';

/** Enough for 19 million blocks: 18 TiB of different content in blocks of 1 MiB. */
const defaultBytes = 128 * 1024 * 1024;
const firstPacks = 256;
/** Packs that are being filled; more than there are threads. */
const openPacks = 64;

/**
 * In which packs the repository may have a block: about 7 bytes a block. It is a hint in two ways. Of an id only 58
 * bits count, so the pack's own footer has to confirm it; and what it does not know is stored once more, which
 * costs space and never correctness. So its memory is bounded, and beyond the bound nothing is added.
 */
export class BlockIndex {
  readonly #table: IdTable;
  /** By number of the pack. */
  #ids = Buffer.alloc(firstPacks * packIdLength);
  /** Length of the blocks, and how many. */
  #shapes = new Uint32Array(firstPacks * 2);
  #packs = 0;
  readonly #open = new Map<string, number>();

  constructor(options: { readonly bytes?: number; readonly expectedBlocks?: number } = {}) {
    const { bytes = defaultBytes, expectedBlocks = 0 } = options;
    this.#table = new IdTable({ bytes, expected: expectedBlocks });
  }

  get size(): number {
    return this.#table.size;
  }

  get full(): boolean {
    return this.#table.full || this.#packs > maxValue;
  }

  /** All blocks of a pack, as an index object lists them. */
  addPack(record: IndexRecord): void {
    if (this.full) return;
    const { entries } = record;
    const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
    const number = this.#addPack(record.packId);
    let body = 0;
    for (let at = 0; at < entries.length; at += footerEntryLength) {
      this.#table.add(view.getUint32(at, true), view.getUint32(at + 4, true), number);
      body += view.getUint32(at + 33, true);
    }
    this.#shapes.set([body, record.blockCount], number * 2);
  }

  /** A block that was stored just now, in a pack that may still be growing. */
  addBlock(ref: StoredBlock): void {
    if (this.full) return;
    const number = this.#openPack(ref.pack);
    const view = new DataView(ref.id.buffer, ref.id.byteOffset, 8);
    this.#table.add(view.getUint32(0, true), view.getUint32(4, true), number);
    this.#shapes.set([ref.offset + ref.length - packHeaderLength, ref.slot + 1], number * 2);
  }

  /** Packs that probably hold this block. */
  packsOf(id: Uint8Array): IndexedPlace[] {
    const view = new DataView(id.buffer, id.byteOffset, 8);
    const numbers = this.#table.find(view.getUint32(0, true), view.getUint32(4, true));
    return numbers.map((number) => {
      const packId = packIdFromBytes(this.#ids.subarray(number * packIdLength));
      const [body = 0, blocks = 0] = this.#shapes.subarray(number * 2);
      const end = blocks * footerEntryLength + tagLength + packTrailerLength;
      return { packId, size: packHeaderLength + body + end, end };
    });
  }

  #openPack(packId: string): number {
    const known = this.#open.get(packId);
    if (known !== undefined) return known;
    const number = this.#addPack(packId);
    const [oldest] = this.#open.keys();
    if (this.#open.size >= openPacks && oldest !== undefined) this.#open.delete(oldest);
    this.#open.set(packId, number);
    return number;
  }

  #addPack(packId: string): number {
    const number = this.#packs++;
    if ((number + 1) * packIdLength > this.#ids.length) this.#grow();
    this.#ids.set(packIdToBytes(packId), number * packIdLength);
    return number;
  }

  #grow(): void {
    const ids = Buffer.alloc(this.#ids.length * 2);
    ids.set(this.#ids);
    this.#ids = ids;
    const shapes = new Uint32Array(this.#shapes.length * 2);
    shapes.set(this.#shapes);
    this.#shapes = shapes;
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
