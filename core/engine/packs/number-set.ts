const firstLength = 128;

/** A set of small whole numbers, one bit for each up to the largest. */
export class NumberSet {
  #bits = new Uint8Array(firstLength);
  #size = 0;

  /** All numbers of these lists together. */
  static of(...lists: readonly Iterable<number>[]): NumberSet {
    const set = new NumberSet();
    for (const list of lists) for (const number of list) set.add(number);
    return set;
  }

  get size(): number {
    return this.#size;
  }

  add(number: number): void {
    if (this.has(number)) return;
    const at = number >>> 3;
    if (at >= this.#bits.length) this.#grow(at + 1);
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (number & 7));
    this.#size++;
  }

  has(number: number): boolean {
    return ((this.#bits[number >>> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  /** Ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.#bits.length; at++) {
      const bits = this.#bits[at] ?? 0;
      for (let bit = 0; bits >> bit !== 0; bit++) if ((bits >> bit) & 1) yield at * 8 + bit;
    }
  }

  #grow(least: number): void {
    const longer = new Uint8Array(Math.max(least, this.#bits.length * 2));
    longer.set(this.#bits);
    this.#bits = longer;
  }
}
