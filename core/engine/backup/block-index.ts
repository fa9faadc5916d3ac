import type { BlockRef } from '../format/block-ref.ts';

/**
 * Which blocks the repository has, in flat memory: about 45 bytes a block. It is a hint: what it does not
 * know is stored once more, which costs space and never correctness. So its size is bounded, and beyond the
 * bound the oldest blocks are not remembered.
 *
 * Ids are compared in their first 16 bytes. They are outputs of a keyed hash, so 128 bits leave a chance of
 * about 2^-75 that two of 2^26 blocks agree.
 */
export class BlockIndex {
  readonly #limit: number;
  #fields = new Uint32Array(firstCapacity * fieldCount);
  #table = new Int32Array(firstCapacity * 2).fill(-1);
  #count = 0;
  readonly #packs: string[] = [];
  readonly #packNumbers = new Map<string, number>();

  constructor(limit: number = defaultLimit) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#count;
  }

  get full(): boolean {
    return this.#count >= this.#limit;
  }

  find(id: Uint8Array): BlockRef | undefined {
    const key = keyOf(id);
    const entry = this.#table[this.#slotOf(key)] ?? -1;
    if (entry < 0) return undefined;
    const at = entry * fieldCount;
    const fields = this.#fields;
    if (fields[at + 4] === forgotten) return undefined;
    return {
      id,
      pack: this.#packs[fields[at + 4] ?? 0] ?? '',
      slot: fields[at + 5] ?? 0,
      offset: fields[at + 6] ?? 0,
      length: fields[at + 7] ?? 0,
      plainLength: (fields[at + 8] ?? 0) & plainMask,
      encoding: (fields[at + 8] ?? 0) >>> plainBits,
    };
  }

  /** Remembers where a block is; of several places the first one stays. */
  add(ref: BlockRef): void {
    const key = keyOf(ref.id);
    const slot = this.#slotOf(key);
    if ((this.#table[slot] ?? -1) < 0) this.#append(key, slot, ref);
  }

  /** Forgets a block, so that it is stored again. */
  forget(id: Uint8Array): void {
    const entry = this.#table[this.#slotOf(keyOf(id))] ?? -1;
    if (entry >= 0) this.#fields[entry * fieldCount + 4] = forgotten;
  }

  /** Remembers where a block is now, in place of what was known before. */
  put(ref: BlockRef): void {
    const key = keyOf(ref.id);
    const slot = this.#slotOf(key);
    const entry = this.#table[slot] ?? -1;
    if (entry < 0) this.#append(key, slot, ref);
    else this.#write(entry, key, ref);
  }

  #append(key: Key, slot: number, ref: BlockRef): void {
    if (this.full) return;
    this.#table[slot] = this.#count;
    this.#write(this.#count++, key, ref);
    if (this.#count * 2 >= this.#table.length) this.#grow();
  }

  #write(entry: number, key: Key, ref: BlockRef): void {
    const packed = ref.plainLength + ref.encoding * 2 ** plainBits;
    const values = [...key, this.#packNumber(ref.pack), ref.slot, ref.offset, ref.length, packed];
    this.#fields.set(values, entry * fieldCount);
  }

  #packNumber(pack: string): number {
    const known = this.#packNumbers.get(pack);
    if (known !== undefined) return known;
    const number = this.#packs.push(pack) - 1;
    this.#packNumbers.set(pack, number);
    return number;
  }

  /** Where this key is, or the free place where it belongs. */
  #slotOf(key: Key): number {
    const mask = this.#table.length - 1;
    let slot = key[0] & mask;
    for (;;) {
      const entry = this.#table[slot] ?? -1;
      if (entry < 0 || this.#has(entry, key)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #has(entry: number, key: Key): boolean {
    const at = entry * fieldCount;
    const fields = this.#fields;
    return (
      fields[at] === key[0] &&
      fields[at + 1] === key[1] &&
      fields[at + 2] === key[2] &&
      fields[at + 3] === key[3]
    );
  }

  #grow(): void {
    const fields = new Uint32Array(this.#fields.length * 2);
    fields.set(this.#fields);
    this.#fields = fields;
    this.#table = new Int32Array(this.#table.length * 2).fill(-1);
    for (let entry = 0; entry < this.#count; entry++) {
      const at = entry * fieldCount;
      const key: Key = [fields[at] ?? 0, fields[at + 1] ?? 0, fields[at + 2] ?? 0, fields[at + 3] ?? 0];
      this.#table[this.#slotOf(key)] = entry;
    }
  }
}

type Key = readonly [number, number, number, number];

const firstCapacity = 1024;
const forgotten = 0xffff_ffff;
const fieldCount = 9;
const defaultLimit = 4 * 1024 * 1024;
const plainBits = 28;
const plainMask = 2 ** plainBits - 1;

function keyOf(id: Uint8Array): Key {
  const view = new DataView(id.buffer, id.byteOffset, 16);
  return [
    view.getUint32(0, true),
    view.getUint32(4, true),
    view.getUint32(8, true),
    view.getUint32(12, true),
  ];
}
