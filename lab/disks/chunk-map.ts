/** Granularity of copy-on-write, of allocation and of comparisons, in bytes. */
export const CHUNK_BYTES = 4096;

const LEAF_CHUNKS = 1024;

/** A half-open byte range with one property: it holds data that counts, or it reads as zero now. */
export interface MapRange {
  readonly start: number;
  readonly end: number;
  readonly kind: 'data' | 'clear';
}

interface Leaf {
  readonly slots: Uint32Array;
  owner: symbol;
}

/** One run of chunks that lie side by side in the pool (or, with slot 0, are not there at all). */
export interface SlotRun {
  readonly chunk: number;
  readonly count: number;
  /** Slot of the first chunk plus one; 0 means nothing was ever written here. */
  readonly slot: number;
}

/**
 * Where each chunk of a disk lies in its pool. Sparse, two levels; `fork` shares every leaf until one side writes, so a
 * snapshot costs one entry per 4 MiB in use and a comparison skips what two maps still share.
 */
export class ChunkMap {
  readonly #leaves: Map<number, Leaf>;
  #token = Symbol('map');

  constructor(leaves: Map<number, Leaf> = new Map()) {
    this.#leaves = leaves;
  }

  /** A second map with the same content. */
  fork(): ChunkMap {
    this.#token = Symbol('map');
    return new ChunkMap(new Map(this.#leaves));
  }

  /** Slot plus one, or 0. */
  get(chunk: number): number {
    return this.#leaves.get(Math.floor(chunk / LEAF_CHUNKS))?.slots[chunk % LEAF_CHUNKS] ?? 0;
  }

  /** Points `count` chunks at consecutive slots; `slot` 0 forgets them. */
  set(chunk: number, count: number, slot: number): void {
    let done = 0;
    while (done < count) {
      const leafIndex = Math.floor((chunk + done) / LEAF_CHUNKS);
      const from = (chunk + done) % LEAF_CHUNKS;
      const step = Math.min(LEAF_CHUNKS - from, count - done);
      const whole = step === LEAF_CHUNKS;
      if (slot === 0 && (whole || !this.#leaves.has(leafIndex))) {
        this.#leaves.delete(leafIndex);
      } else {
        const slots = this.#writable(leafIndex);
        if (slot === 0) slots.fill(0, from, from + step);
        else for (let i = 0; i < step; i += 1) slots[from + i] = slot + done + i;
      }
      done += step;
    }
  }

  #writable(leafIndex: number): Uint32Array {
    const leaf = this.#leaves.get(leafIndex);
    if (leaf !== undefined && leaf.owner === this.#token) return leaf.slots;
    const slots = leaf === undefined ? new Uint32Array(LEAF_CHUNKS) : leaf.slots.slice();
    this.#leaves.set(leafIndex, { slots, owner: this.#token });
    return slots;
  }

  /** The chunks from `chunk` on as runs, without gaps. */
  *runs(chunk: number, count: number): Generator<SlotRun> {
    let at = chunk;
    const end = chunk + count;
    while (at < end) {
      const slot = this.get(at);
      let length = 1;
      while (at + length < end && this.get(at + length) === (slot === 0 ? 0 : slot + length)) length += 1;
      yield { chunk: at, count: length, slot };
      at += length;
    }
  }

  /** Ranges that hold data, ascending and merged, starting at or after byte `from`. */
  *allocated(from = 0): Generator<MapRange> {
    yield* mergeRanges(this.#compare(undefined, Math.floor(from / CHUNK_BYTES)));
  }

  /** What a reader of `older` must read again or zero to get this map's content, ascending and merged. */
  *changedSince(older: ChunkMap, from = 0): Generator<MapRange> {
    yield* mergeRanges(this.#compare(older, Math.floor(from / CHUNK_BYTES)));
  }

  *#compare(older: ChunkMap | undefined, firstChunk: number): Generator<MapRange> {
    const before = older === undefined ? new Map<number, Leaf>() : older.#leaves;
    const indexes = new Set([...this.#leaves.keys(), ...before.keys()]);
    const firstLeaf = Math.floor(firstChunk / LEAF_CHUNKS);
    for (const index of [...indexes].filter((i) => i >= firstLeaf).sort((a, b) => a - b)) {
      const mine = this.#leaves.get(index)?.slots;
      const theirs = before.get(index)?.slots;
      if (mine === theirs) continue;
      const start = index === firstLeaf ? firstChunk % LEAF_CHUNKS : 0;
      for (let i = start; i < LEAF_CHUNKS; i += 1) {
        const now = mine?.[i] ?? 0;
        if (now === (theirs?.[i] ?? 0)) continue;
        const at = (index * LEAF_CHUNKS + i) * CHUNK_BYTES;
        yield { start: at, end: at + CHUNK_BYTES, kind: now === 0 ? 'clear' : 'data' };
      }
    }
  }

  /** Calls `visit` for every slot in use (plus one, as stored). */
  eachSlot(visit: (slot: number) => void): void {
    for (const leaf of this.#leaves.values()) for (const slot of leaf.slots) if (slot !== 0) visit(slot);
  }

  /** Little-endian records of leaf index and its slots, for {@link ChunkMap.deserialize}. */
  serialize(): Uint8Array {
    const words = new Uint32Array(this.#leaves.size * (LEAF_CHUNKS + 1));
    let at = 0;
    for (const [index, leaf] of this.#leaves) {
      words[at] = index;
      words.set(leaf.slots, at + 1);
      at += LEAF_CHUNKS + 1;
    }
    return new Uint8Array(words.buffer);
  }

  static deserialize(bytes: Uint8Array): ChunkMap {
    const recordBytes = (LEAF_CHUNKS + 1) * 4;
    if (bytes.byteLength % recordBytes !== 0) throw new Error('damaged chunk map');
    const words = new Uint32Array(bytes.slice().buffer);
    const leaves = new Map<number, Leaf>();
    for (let at = 0; at < words.length; at += LEAF_CHUNKS + 1) {
      leaves.set(words[at] ?? 0, {
        slots: words.slice(at + 1, at + 1 + LEAF_CHUNKS),
        owner: Symbol('loaded'),
      });
    }
    return new ChunkMap(leaves);
  }
}

function* mergeRanges(ranges: Iterable<MapRange>): Generator<MapRange> {
  let open: MapRange | undefined;
  for (const range of ranges) {
    if (open !== undefined && open.end === range.start && open.kind === range.kind) {
      open = { ...open, end: range.end };
    } else {
      if (open !== undefined) yield open;
      open = range;
    }
  }
  if (open !== undefined) yield open;
}
