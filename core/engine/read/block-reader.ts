import { AppError } from '../../contract/index.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { damaged } from '../format/bytes.ts';
import { packName } from '../format/names.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { MovedBlocks } from './moved-blocks.ts';

/** Blocks this close to each other in a pack are fetched with what lies between. */
const acceptedGap = 32 * 1024;
/** Places to try for one block before giving up: compaction moves a block rarely, damage hardly ever. */
const maxPlaces = 16;

/** Fetches, authenticates and unpacks data blocks, wherever compaction or healing has put them. */
export class BlockReader {
  readonly #repository: OpenRepository;
  readonly #moved: MovedBlocks;

  constructor(repository: OpenRepository) {
    this.#repository = repository;
    this.#moved = new MovedBlocks(repository);
  }

  /** The plain bytes of these blocks, one after another. `damaged` when one of them is nowhere intact. */
  async read(refs: readonly BlockRef[], signal?: AbortSignal): Promise<Uint8Array> {
    const groups = groupNeighbours(refs);
    const [only] = groups;
    if (groups.length === 1 && only !== undefined) return this.#readGroup(only, signal);
    const parts = await Promise.all(groups.map((group) => this.#readGroup(group, signal)));
    return Buffer.concat(parts);
  }

  async #readGroup(group: readonly BlockRef[], signal?: AbortSignal): Promise<Uint8Array> {
    const opened = await this.#open(group, signal);
    let plain = opened.plain;
    for (const index of opened.failed) {
      const ref = group[index];
      if (ref === undefined) continue;
      const start = group.slice(0, index).reduce((sum, block) => sum + block.plainLength, 0);
      plain = Uint8Array.from(plain);
      plain.set(await this.#readElsewhere(ref, signal), start);
    }
    return plain;
  }

  async #open(
    group: readonly BlockRef[],
    signal?: AbortSignal,
  ): Promise<{ plain: Uint8Array; failed: readonly number[] }> {
    const stored = await this.#fetch(group, signal);
    const base = group[0]?.offset ?? 0;
    const blocks = group.map((ref) => ({ ref, start: ref.offset - base }));
    const { pool } = this.#repository;
    return pool.run(pool.idlestLane(), { op: 'open', stored, blocks });
  }

  /** A pack that is gone reads as nothing, so that its blocks fail and are looked for elsewhere. */
  async #fetch(group: readonly BlockRef[], signal?: AbortSignal): Promise<Uint8Array> {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return new Uint8Array(0);
    const range = { offset: first.offset, length: last.offset + last.length - first.offset };
    try {
      return await this.#repository.store.get(packName(first.pack), range, signal);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not-found') return new Uint8Array(0);
      throw thrown;
    }
  }

  async #readElsewhere(ref: BlockRef, signal?: AbortSignal): Promise<Uint8Array> {
    const seen = new Set([placeOf(ref)]);
    const queue = await this.#moved.find(ref, signal);
    for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
      if (seen.has(placeOf(place)) || seen.size >= maxPlaces) continue;
      seen.add(placeOf(place));
      const { plain, failed } = await this.#open([place], signal);
      if (failed.length === 0) return plain;
      queue.push(...(await this.#moved.find(place, signal)));
    }
    throw damaged(packName(ref.pack), `the block at ${ref.offset} is missing or not authentic`);
  }
}

function placeOf(ref: BlockRef): string {
  return `${ref.pack}:${ref.slot}`;
}

/** Runs of blocks that one request can fetch: same pack, ascending, hardly anything between. */
export function groupNeighbours(refs: readonly BlockRef[]): BlockRef[][] {
  const groups: BlockRef[][] = [];
  let last: BlockRef | undefined;
  for (const ref of refs) {
    const gap = last === undefined || last.pack !== ref.pack ? -1 : ref.offset - (last.offset + last.length);
    if (gap >= 0 && gap <= acceptedGap) groups.at(-1)?.push(ref);
    else groups.push([ref]);
    last = ref;
  }
  return groups;
}
