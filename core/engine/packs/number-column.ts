type Numbers = Uint16Array | Uint32Array | Float64Array;

const chunkBits = 16;
const chunkLength = 2 ** chunkBits;

/**
 * A growing list of numbers in the memory of typed arrays; what was never set is 0. Grows by chunks, so that nothing is
 * copied and hardly anything is taken in advance.
 */
export class NumberColumn {
  readonly #make: (length: number) => Numbers;
  readonly #chunks: Numbers[] = [];

  constructor(make: (length: number) => Numbers) {
    this.#make = make;
  }

  get(at: number): number {
    return this.#chunks[at >>> chunkBits]?.[at & (chunkLength - 1)] ?? 0;
  }

  set(at: number, value: number): void {
    while (this.#chunks.length <= at >>> chunkBits) this.#chunks.push(this.#make(chunkLength));
    const chunk = this.#chunks[at >>> chunkBits];
    if (chunk !== undefined) chunk[at & (chunkLength - 1)] = value;
  }
}

/** Whole numbers below 2^16. */
export function uint16Column(): NumberColumn {
  return new NumberColumn((length) => new Uint16Array(length));
}

/** Whole numbers below 2^32. */
export function uint32Column(): NumberColumn {
  return new NumberColumn((length) => new Uint32Array(length));
}

/** Byte counts and the like. */
export function float64Column(): NumberColumn {
  return new NumberColumn((length) => new Float64Array(length));
}
