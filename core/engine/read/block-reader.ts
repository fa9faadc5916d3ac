import { AppError } from '../../contract/index.ts';
import type { ByteRange } from '../blob-store.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { damaged } from '../format/bytes.ts';
import { packName } from '../format/names.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { readInto } from '../stores/read-into.ts';
import { MovedBlocks } from './moved-blocks.ts';

/** Blocks this close to each other in a pack are fetched with what lies between. */
const acceptedGap = 32 * 1024;

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Where the plain bytes go, if it is large enough for them. */
  readonly target?: Uint8Array;
  /** Where the sealed bytes go on their way, as far as they fit. */
  readonly sealed?: Uint8Array;
}

/** Fetches, authenticates and unpacks data blocks, wherever compaction or healing has put them. */
export class BlockReader {
  readonly #repository: OpenRepository;
  readonly #moved: MovedBlocks;

  constructor(repository: OpenRepository) {
    this.#repository = repository;
    this.#moved = new MovedBlocks(repository);
  }

  /** The plain bytes of these blocks, one after another. `damaged` when one of the blocks is nowhere intact. */
  async read(refs: readonly BlockRef[], options: ReadOptions = {}): Promise<Uint8Array> {
    const { signal, sealed } = options;
    const length = refs.reduce((sum, ref) => sum + ref.plainLength, 0);
    const target = (options.target ?? Buffer.allocUnsafeSlow(length)).subarray(0, length);
    const wanted = placed(refs);
    const { plain, failed } = await this.#open(wanted, { target, sealed, signal });
    for (const index of failed) {
      const block = wanted[index];
      if (block !== undefined) plain.set(await this.#readElsewhere(block.ref, signal), block.at);
    }
    return plain;
  }

  async #open(
    wanted: readonly PlacedRef[],
    options: ReadOptions & { readonly target: Uint8Array },
  ): Promise<{ plain: Uint8Array; failed: readonly number[] }> {
    const { target, signal } = options;
    const groups = groupNeighbours(wanted);
    const parts = await this.#fetchAll(groups, options.sealed, signal);
    const blocks = groups.flatMap((group, part) => {
      const base = group[0]?.ref.offset ?? 0;
      return group.map(({ ref, at }) => ({ ref, at, part, start: ref.offset - base }));
    });
    const { pool } = this.#repository;
    return pool.run(pool.idlestLane(), { op: 'open', parts, blocks, target });
  }

  #fetchAll(
    groups: readonly PlacedRef[][],
    sealed: Uint8Array | undefined,
    signal?: AbortSignal,
  ): Promise<Uint8Array[]> {
    let used = 0;
    return Promise.all(
      groups.map((group) => {
        const place = placeOf(group);
        const memory = sealed?.subarray(used, used + place.length);
        if (memory?.length !== place.length) return this.#fetch(place, undefined, signal);
        used += place.length;
        return this.#fetch(place, memory, signal);
      }),
    );
  }

  /** A pack that is gone reads as nothing, so that its blocks fail and are looked for elsewhere. */
  async #fetch(
    { name, ...range }: PlaceInPack,
    memory: Uint8Array | undefined,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const { store } = this.#repository;
    try {
      if (memory === undefined) return await store.get(name, range, signal);
      const request = { name, offset: range.offset, target: memory };
      return memory.subarray(0, await readInto(store, request, signal));
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not-found') return new Uint8Array(0);
      throw thrown;
    }
  }

  async #readElsewhere(ref: BlockRef, signal?: AbortSignal): Promise<Uint8Array> {
    for await (const place of this.#moved.otherPlaces(ref, signal)) {
      const target = Buffer.allocUnsafeSlow(place.plainLength);
      const { plain, failed } = await this.#open([{ ref: place, at: 0 }], { target, signal });
      if (failed.length === 0) return plain;
    }
    throw damaged(packName(ref.pack), `the block at ${ref.offset} is missing or not authentic`);
  }
}

interface PlaceInPack extends ByteRange {
  readonly name: string;
}

/** What lies between the beginning of the first block and the end of the last one. */
function placeOf(group: readonly PlacedRef[]): PlaceInPack {
  const [first, last] = [group[0]?.ref, group.at(-1)?.ref];
  if (first === undefined || last === undefined) return { name: '', offset: 0, length: 0 };
  const { offset } = first;
  return { name: packName(first.pack), offset, length: last.offset + last.length - offset };
}

export interface PlacedRef {
  readonly ref: BlockRef;
  /** Where its plain bytes go. */
  readonly at: number;
}

/** In the order in which they lie in their packs. */
function placed(refs: readonly BlockRef[]): PlacedRef[] {
  let at = 0;
  const all = refs.map((ref) => {
    const block = { ref, at };
    at += ref.plainLength;
    return block;
  });
  return all.sort((left, right) =>
    left.ref.pack === right.ref.pack
      ? left.ref.offset - right.ref.offset
      : left.ref.pack < right.ref.pack
        ? -1
        : 1,
  );
}

/** Runs of blocks that one request can fetch: same pack, ascending, hardly anything between. */
export function groupNeighbours(blocks: readonly PlacedRef[]): PlacedRef[][] {
  const groups: PlacedRef[][] = [];
  let last: BlockRef | undefined;
  for (const block of blocks) {
    const { ref } = block;
    const gap = last === undefined || last.pack !== ref.pack ? -1 : ref.offset - (last.offset + last.length);
    if (gap >= 0 && gap <= acceptedGap) groups.at(-1)?.push(block);
    else groups.push([block]);
    last = ref;
  }
  return groups;
}
