import { attemptOfPack, numberOfPack, packIdOf } from '../format/names.ts';
import { type NumberColumn, uint32Column } from './number-column.ts';

/** A growing list of pack ids, in eight bytes each beside one string for each attempt. The same id may be in it twice. */
export class PackIds {
  readonly #attempts = new Map<string, number>();
  readonly #attemptIds: string[] = [];
  readonly #attemptOf: NumberColumn = uint32Column();
  readonly #numberInAttempt: NumberColumn = uint32Column();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Gives its place in the list, from 0 on. */
  push(packId: string): number {
    const attempt = attemptOfPack(packId);
    const known = this.#attempts.get(attempt) ?? this.#attemptIds.push(attempt) - 1;
    this.#attempts.set(attempt, known);
    this.#attemptOf.set(this.#size, known);
    this.#numberInAttempt.set(this.#size, numberOfPack(packId));
    return this.#size++;
  }

  idAt(place: number): string {
    return packIdOf(this.attemptIdAt(place), this.numberAt(place));
  }

  attemptIdAt(place: number): string {
    return this.#attemptIds[this.attemptAt(place)] ?? '';
  }

  /** A small number that stands for the attempt; undefined when no pack of it is in the list. */
  attemptOf(packId: string): number | undefined {
    return this.#attempts.get(attemptOfPack(packId));
  }

  attemptAt(place: number): number {
    return this.#attemptOf.get(place);
  }

  /** The pack's number within its attempt. */
  numberAt(place: number): number {
    return this.#numberInAttempt.get(place);
  }
}
