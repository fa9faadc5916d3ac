import type { BlobStore } from '../blob-store.ts';
import { packIdFromName, prefixes } from '../format/names.ts';
import { float64Column, type NumberColumn } from './number-column.ts';
import { PackNumbers } from './pack-numbers.ts';

/**
 * The packs of one listing with their sizes. They have the first numbers of `numbers`, in the order of the listing;
 * whoever names other packs later gives them the numbers after those.
 */
export class StoredPacks {
  readonly numbers: PackNumbers = new PackNumbers();
  readonly #sizes: NumberColumn = float64Column();
  #count = 0;

  static async list(store: BlobStore, signal?: AbortSignal): Promise<StoredPacks> {
    const packs = new StoredPacks();
    for await (const { name, size } of store.list(prefixes.packs, signal)) {
      const packId = packIdFromName(name);
      if (packId !== undefined) packs.add(packId, size);
    }
    return packs;
  }

  get size(): number {
    return this.#count;
  }

  /** Before any other pack is named. */
  add(packId: string, size: number): void {
    this.#sizes.set(this.numbers.add(packId), size);
    this.#count = this.numbers.size;
  }

  has(packId: string): boolean {
    const number = this.numbers.numberOf(packId);
    return number !== undefined && this.holds(number);
  }

  /** True for the number of a pack in the listing. */
  holds(number: number): boolean {
    return number < this.#count;
  }

  /** 0 for a pack that is not in the listing. */
  sizeOf(number: number): number {
    return this.#sizes.get(number);
  }

  /** Ids and sizes in the order of the listing. */
  *[Symbol.iterator](): Generator<readonly [packId: string, size: number]> {
    for (let number = 0; number < this.#count; number++) {
      yield [this.numbers.idOf(number), this.sizeOf(number)];
    }
  }
}
