import { attemptOfPack, numberOfPack, packIdOf } from '../format/names.ts';
import { type NumberColumn, uint32Column } from './number-column.ts';

const firstPlaces = 1024;
const fullest = 0.7;

/**
 * Gives packs numbers, from 0 on in the order in which they are first named. A repository of 32 TiB can have two
 * million packs: as strings in maps they take hundreds of MiB, like this about 20 bytes each.
 */
export class PackNumbers {
  readonly #attempts = new Map<string, number>();
  readonly #attemptIds: string[] = [];
  /** By number of the pack. */
  readonly #attemptOf: NumberColumn = uint32Column();
  readonly #numberInAttempt: NumberColumn = uint32Column();
  /** A hash table by attempt and number in it: number of the pack plus one, 0 is free. */
  #places = new Uint32Array(firstPlaces);
  #size = 0;
  /** Neighbouring blocks are mostly in one pack. */
  #last: { readonly packId: string; readonly number: number } | undefined;

  get size(): number {
    return this.#size;
  }

  has(packId: string): boolean {
    return this.numberOf(packId) !== undefined;
  }

  numberOf(packId: string): number | undefined {
    if (this.#last?.packId === packId) return this.#last.number;
    const attempt = this.#attempts.get(attemptOfPack(packId));
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
    if (this.#size >= this.#places.length * fullest) this.#grow();
    const number = this.#size++;
    this.#attemptOf.set(number, this.#addAttempt(attemptOfPack(packId)));
    this.#numberInAttempt.set(number, numberOfPack(packId));
    this.#takePlace(number);
    return number;
  }

  idOf(number: number): string {
    return packIdOf(this.attemptOf(number), this.#numberInAttempt.get(number));
  }

  attemptOf(number: number): string {
    return this.#attemptIds[this.#attemptOf.get(number)] ?? '';
  }

  #addAttempt(id: string): number {
    const known = this.#attempts.get(id);
    if (known !== undefined) return known;
    const attempt = this.#attemptIds.push(id) - 1;
    this.#attempts.set(id, attempt);
    return attempt;
  }

  #takePlace(number: number): void {
    const place = this.#placeOf(this.#attemptOf.get(number), this.#numberInAttempt.get(number));
    this.#places[place] = number + 1;
  }

  /** Where this pack is, or the free place where it would be. */
  #placeOf(attempt: number, numberInIt: number): number {
    const mask = this.#places.length - 1;
    let place = hash(attempt, numberInIt) & mask;
    for (let found = this.#places[place]; found; found = this.#places[place]) {
      const same =
        this.#numberInAttempt.get(found - 1) === numberInIt && this.#attemptOf.get(found - 1) === attempt;
      if (same) break;
      place = (place + 1) & mask;
    }
    return place;
  }

  #grow(): void {
    this.#places = new Uint32Array(this.#places.length * 2);
    for (let number = 0; number < this.#size; number++) this.#takePlace(number);
  }
}

function hash(attempt: number, number: number): number {
  let mixed = Math.imul(attempt, 0x9e3779b1) ^ number;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
