import { type BlockRef, blockIdLength, placeOf } from '../format/block-ref.ts';
import { encodeNode, fanout, type MapNode } from '../format/map-node.ts';
import { packIdLength } from '../format/names.ts';

/** What is known of a map node whose bytes are lost. */
export interface NodePuzzle {
  readonly level: number;
  readonly plainLength: number;
  /** Its children that were written with it, by ascending position; some at the beginning may not be its own. */
  readonly written: readonly WrittenChild[];
  /** By position, what maps of other points have there, the likeliest first. Empty where no other map reaches. */
  readonly others: readonly (readonly (BlockRef | undefined)[])[];
  /** True for the bytes that the node's id vouches for. */
  readonly isIt: (plain: Uint8Array) => boolean;
}

export interface WrittenChild {
  readonly ref: BlockRef;
  /** Positions that it can have, going by what is below it; undefined when that does not tell. */
  readonly positions?: ReadonlySet<number>;
}

/** Compositions tried in each of the ways; a fraction of a second together. */
const mostTries = 2000;
const mostSteps = 50_000;

/**
 * Finds the children of a lost node by trying what they can be: its id tells when they are right. Undefined
 * when they are not among the compositions that are likely enough to be tried.
 */
export function solvePuzzle(puzzle: NodePuzzle): MapNode | undefined {
  for (let foreign = 0; foreign <= puzzle.written.length; foreign++) {
    const written = puzzle.written.slice(foreign);
    for (const anywhere of [false, true]) {
      const search = new PuzzleSearch({ ...puzzle, written }, anywhere);
      if (search.place(0, 0, 0)) return { level: puzzle.level, children: search.children };
    }
  }
  return undefined;
}

class PuzzleSearch {
  readonly children: (BlockRef | undefined)[] = new Array(fanout).fill(undefined);
  readonly #puzzle: NodePuzzle;
  readonly #anywhere: boolean;
  readonly #counts: readonly number[];
  #tries = 0;
  #steps = 0;

  /** `anywhere`: whatever the positions say that written children can have. */
  constructor(puzzle: NodePuzzle, anywhere: boolean) {
    this.#puzzle = puzzle;
    this.#anywhere = anywhere;
    this.#counts = childCounts(puzzle.plainLength);
  }

  /** Fills the places from `position` on; written children from `next` on are left, `count` places are taken. */
  place(position: number, next: number, count: number): boolean {
    if (this.#tries >= mostTries || this.#steps++ >= mostSteps) return false;
    if (position === fanout) return this.#isIt(next, count);
    if (!this.#canSucceed(position, next, count)) return false;
    const { written, others } = this.#puzzle;
    const child = written[next];
    if (child !== undefined && (this.#anywhere || child.positions?.has(position) !== false)) {
      this.children[position] = child.ref;
      if (this.place(position + 1, next + 1, count + 1)) return true;
    }
    const known = others[position] ?? [];
    for (const other of known.length === 0 ? [undefined] : known) {
      this.children[position] = other;
      if (this.place(position + 1, next, count + (other === undefined ? 0 : 1))) return true;
    }
    return false;
  }

  #canSucceed(position: number, next: number, count: number): boolean {
    const left = fanout - position;
    const due = this.#puzzle.written.length - next;
    return due <= left && this.#counts.some((wanted) => count + due <= wanted && wanted <= count + left);
  }

  #isIt(next: number, count: number): boolean {
    if (next < this.#puzzle.written.length || !this.#counts.includes(count)) return false;
    this.#tries++;
    const plain = encodeNode({ level: this.#puzzle.level, children: this.children });
    return plain.length === this.#puzzle.plainLength && this.#puzzle.isIt(plain);
  }
}

/** How many children a node of this length can have: 52 bytes each, and 20 for each of their packs. */
function childCounts(plainLength: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count <= fanout; count++) {
    const packs = (plainLength - 4 - count * (20 + blockIdLength)) / packIdLength;
    if (Number.isInteger(packs) && packs >= 1 && packs <= count) counts.push(count);
  }
  return counts;
}

/** Adds what is not among them yet. */
export function addOption(options: (BlockRef | undefined)[], child: BlockRef | undefined): void {
  const same = (option: BlockRef | undefined) =>
    option === child || (option !== undefined && child !== undefined && placeOf(option) === placeOf(child));
  if (!options.some(same)) options.push(child);
}
