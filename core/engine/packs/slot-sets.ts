import { maxBlocksInPack } from '../format/pack.ts';
import { type NumberColumn, uint32Column } from './number-column.ts';

/**
 * A set of slots for each of many packs: a bit a slot, eight bytes more a pack. All bits are in one list; a set that
 * outgrows its place moves to the end of it.
 */
export class SlotSets {
  /** By pack; places begin at 1. */
  readonly #starts: NumberColumn = uint32Column();
  readonly #lengths: NumberColumn = uint32Column();
  readonly #words: NumberColumn = uint32Column();
  #used = 1;

  /** False when the slot was in the set before. A slot that no pack can have is never in it. */
  add(pack: number, slot: number): boolean {
    if (this.has(pack, slot)) return false;
    if (slot > maxBlocksInPack) return true;
    const word = slot >>> 5;
    if (word >= this.#lengths.get(pack)) this.#widen(pack, word + 1);
    const at = this.#starts.get(pack) + word;
    this.#words.set(at, (this.#words.get(at) | (1 << (slot & 31))) >>> 0);
    return true;
  }

  has(pack: number, slot: number): boolean {
    const word = slot >>> 5;
    if (word >= this.#lengths.get(pack)) return false;
    return (this.#words.get(this.#starts.get(pack) + word) & (1 << (slot & 31))) !== 0;
  }

  /** True when the pack has any slot in its set. */
  holds(pack: number): boolean {
    return this.#lengths.get(pack) > 0;
  }

  /** Ascending. */
  *slots(pack: number): Generator<number> {
    for (let slot = 0; slot < this.#lengths.get(pack) * 32; slot++) if (this.has(pack, slot)) yield slot;
  }

  #widen(pack: number, least: number): void {
    const [start, length] = [this.#starts.get(pack), this.#lengths.get(pack)];
    const wider = Math.max(least, length * 2);
    for (let word = 0; word < length; word++)
      this.#words.set(this.#used + word, this.#words.get(start + word));
    this.#starts.set(pack, this.#used);
    this.#lengths.set(pack, wider);
    this.#used += wider;
  }
}
