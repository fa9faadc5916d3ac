type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** A column of numbers that doubles its room when it is full. */
export class GrowingColumn<Kind extends Numbers> {
  #values: Kind;
  #length = 0;
  readonly #make: (length: number) => Kind;

  constructor(make: (length: number) => Kind) {
    this.#make = make;
    this.#values = make(1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.#reserve(1);
    this.#values[this.#length++] = value;
  }

  append(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#values.set(values, this.#length);
    this.#length += values.length;
  }

  /** The column at its real length. */
  finish(): Kind {
    const exact = this.#make(this.#length);
    exact.set(this.#values.subarray(0, this.#length));
    return exact;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#values.length) return;
    const larger = this.#make(Math.max(this.#values.length * 2, this.#length + count));
    larger.set(this.#values.subarray(0, this.#length));
    this.#values = larger;
  }
}
