/** Keeps the most recently used values up to a total weight. Concurrent loads of one key are one load. */
export class BoundedCache<V> {
  readonly #limit: number;
  readonly #weigh: (value: V) => number;
  readonly #onDropped: (value: V) => void;
  readonly #values = new Map<string, V>();
  readonly #loading = new Map<string, Promise<V>>();
  #weight = 0;

  constructor(limit: number, weigh: (value: V) => number, onDropped: (value: V) => void = () => undefined) {
    this.#limit = limit;
    this.#weigh = weigh;
    this.#onDropped = onDropped;
  }

  has(key: string): boolean {
    return this.#values.has(key) || this.#loading.has(key);
  }

  /** The value if it is here, without counting as a use. */
  peek(key: string): V | undefined {
    return this.#values.get(key);
  }

  /** The value, loaded when it is not here. A failed load is not remembered. */
  get(key: string, load: () => Promise<V>): Promise<V> {
    const known = this.#values.get(key);
    if (known !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, known);
      return Promise.resolve(known);
    }
    return this.#loading.get(key) ?? this.#load(key, load);
  }

  /** Keeps a value that came another way; one that is here already stays, and the new one is dropped. */
  set(key: string, value: V): void {
    if (this.has(key)) this.#onDropped(value);
    else this.#keep(key, value);
  }

  #load(key: string, load: () => Promise<V>): Promise<V> {
    const loading = load()
      .then((value) => {
        this.#keep(key, value);
        return value;
      })
      .finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  #keep(key: string, value: V): void {
    this.#values.set(key, value);
    this.#weight += this.#weigh(value);
    for (const [oldest, old] of this.#values) {
      if (this.#weight <= this.#limit) return;
      this.#values.delete(oldest);
      this.#weight -= this.#weigh(old);
      this.#onDropped(old);
    }
  }
}
