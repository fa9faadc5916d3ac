import { numberOfPack } from '../format/names.ts';
import { PackIds } from './pack-ids.ts';

const firstPlaces = 1024;
const fullest = 0.7;

/**
 * Gives packs numbers, from 0 on in the order in which they are first named. A repository of 32 TiB can have two
 * million packs: as strings in maps they take hundreds of MiB, like this about 20 bytes each.
 */
export class PackNumbers {
  /** By number of the pack. */
  readonly #ids = new PackIds();
  /** A hash table by attempt and number in it: number of the pack plus one, 0 is free. */
  #places = new Uint32Array(firstPlaces);
  /** Neighbouring blocks are mostly in one pack. */
  #last: { readonly packId: string; readonly number: number } | undefined;

  get size(): number {
    return this.#ids.size;
  }

  has(packId: string): boolean {
    return this.numberOf(packId) !== undefined;
  }

  numberOf(packId: string): number | undefined {
    if (this.#last?.packId === packId) return this.#last.number;
    const attempt = this.#ids.attemptOf(packId);
    if (attempt === undefined) return undefined;
    const place = this.#placeOf(attempt, numberOfPack(packId));
    const found = this.#places[place] ?? 0;
    if (found === 0) return undefined;
    this.#last = { packId, number: found - 1 };
    return found - 1;
  }

  /** The pack's number, a new one if it has none. */
  add(packId: string): number {
    const known = this.numberOf(packId);
    if (known !== undefined) return known;
    if (this.size >= this.#places.length * fullest) this.#grow();
    const number = this.#ids.push(packId);
    this.#takePlace(number);
    return number;
  }

  idOf(number: number): string {
    return this.#ids.idAt(number);
  }

  attemptOf(number: number): string {
    return this.#ids.attemptIdAt(number);
  }

  #takePlace(number: number): void {
    const place = this.#placeOf(this.#ids.attemptAt(number), this.#ids.numberAt(number));
    this.#places[place] = number + 1;
  }

  /** Where this pack is, or the free place where it would be. */
  #placeOf(attempt: number, numberInIt: number): number {
    const mask = this.#places.length - 1;
    let place = hash(attempt, numberInIt) & mask;
    for (let found = this.#places[place]; found; found = this.#places[place]) {
      const same = this.#ids.numberAt(found - 1) === numberInIt && this.#ids.attemptAt(found - 1) === attempt;
      if (same) break;
      place = (place + 1) & mask;
    }
    return place;
  }

  #grow(): void {
    this.#places = new Uint32Array(this.#places.length * 2);
    for (let number = 0; number < this.size; number++) this.#takePlace(number);
  }
}

function hash(attempt: number, number: number): number {
  let mixed = Math.imul(attempt, 0x9e3779b1) ^ number;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
