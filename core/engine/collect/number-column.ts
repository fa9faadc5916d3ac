type Numbers = Uint32Array | Float64Array;

const firstLength = 1024;

/** A growing list of numbers in the memory of a typed array; what was never set is 0. */
export class NumberColumn {
  readonly #make: (length: number) => Numbers;
  #values: Numbers;

  constructor(make: (length: number) => Numbers) {
    this.#make = make;
    this.#values = make(firstLength);
  }

  get(at: number): number {
    return this.#values[at] ?? 0;
  }

  set(at: number, value: number): void {
    if (at >= this.#values.length) this.#grow(at + 1);
    this.#values[at] = value;
  }

  #grow(least: number): void {
    const longer = this.#make(Math.max(least, this.#values.length * 2));
    longer.set(this.#values);
    this.#values = longer;
  }
}

/** Whole numbers below 2^32. */
export function uint32Column(): NumberColumn {
  return new NumberColumn((length) => new Uint32Array(length));
}

/** Byte counts and the like. */
export function float64Column(): NumberColumn {
  return new NumberColumn((length) => new Float64Array(length));
}
