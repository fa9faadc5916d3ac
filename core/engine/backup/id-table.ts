/** Values are this large at most. */
export const maxValue = 2 ** 22 - 2;

const bytesPerSlot = 5;
/** A search looks at some 50 slots of a table that is this full, one beside the other. */
const fullest = 0.9;
const firstSlots = 16 * 1024;
/** A table always has free slots, which is where searches end. */
const leastSlots = 16;

/** One hash table of fixed size: open addressing, nothing is ever removed. */
interface Segment {
  /** Value plus one, and above it ten bits of the tag; 0 is free. */
  readonly slots: Uint32Array;
  /** Eight more bits of the tag. */
  readonly tags: Uint8Array;
  count: number;
}

/**
 * From 64 bits of a uniformly distributed id to numbers below 2^22: five bytes a slot. The place follows from the
 * first 32 bits, 18 bits of the others are compared, so a foreign id is taken for a known one once in some
 * thousands of lookups. Grows by further tables, each as large as all before it, so that nothing is copied.
 */
export class IdTable {
  readonly #maxSlots: number;
  readonly #segments: Segment[] = [];
  #slots = 0;
  #size = 0;

  constructor(options: { readonly bytes: number; readonly expected: number }) {
    this.#maxSlots = Math.floor(options.bytes / bytesPerSlot);
    if (options.expected > 0 && !this.full) this.#grow(Math.ceil(options.expected / fullest));
  }

  get size(): number {
    return this.#size;
  }

  /** Nothing more can be added. */
  get full(): boolean {
    const last = this.#segments.at(-1);
    return this.#maxSlots - this.#slots < leastSlots && (last === undefined || isFull(last));
  }

  add(place: number, tag: number, value: number): void {
    if (this.full || value > maxValue) return;
    const last = this.#segments.at(-1);
    const segment = last === undefined || isFull(last) ? this.#grow(Math.max(firstSlots, this.#slots)) : last;
    const { length } = segment.slots;
    let slot = firstPlace(place, length);
    while (segment.slots[slot] !== 0) slot = slot + 1 === length ? 0 : slot + 1;
    segment.slots[slot] = (value + 1 + (tag >>> 22) * 2 ** 22) >>> 0;
    segment.tags[slot] = tag & 0xff;
    segment.count++;
    this.#size++;
  }

  /** The values under this id, perhaps with one that belongs to another. */
  find(place: number, tag: number): number[] {
    const found: number[] = [];
    for (const { slots, tags } of this.#segments) {
      let slot = firstPlace(place, slots.length);
      for (let entry = slots[slot] ?? 0; entry !== 0; entry = slots[slot] ?? 0) {
        if (tags[slot] === (tag & 0xff) && entry >>> 22 === tag >>> 22) found.push((entry & 0x3fffff) - 1);
        slot = slot + 1 === slots.length ? 0 : slot + 1;
      }
    }
    return found;
  }

  #grow(wanted: number): Segment {
    const length = Math.min(Math.max(wanted, leastSlots), this.#maxSlots - this.#slots);
    const segment = { slots: new Uint32Array(length), tags: new Uint8Array(length), count: 0 };
    this.#segments.push(segment);
    this.#slots += length;
    return segment;
  }
}

function isFull(segment: Segment): boolean {
  return segment.count >= segment.slots.length * fullest;
}

function firstPlace(place: number, length: number): number {
  return Math.floor((place / 2 ** 32) * length);
}
