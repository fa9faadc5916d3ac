import { AppError } from '../../contract/index.ts';
import { type BlockRef, placeOf } from '../format/block-ref.ts';
import { decodeMoved, type MovedBlock, movedPrefix } from '../format/moved.ts';
import { objectKinds } from '../format/sealed-object.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { getSealed } from '../repository/sealed-store.ts';

const cachedPacks = 1000;
/** Places to try for one block before giving up: compaction moves a block rarely, damage hardly ever. */
const maxPlaces = 16;

/**
 * Finds blocks and map nodes that are no longer where a map says. A pack's table is kept once it was read; when
 * it does not help it is read again, because collectors go on while a disk is open.
 */
export class MovedBlocks {
  readonly #repository: OpenRepository;
  readonly #tables = new Map<string, Promise<readonly MovedBlock[]>>();

  constructor(repository: OpenRepository) {
    this.#repository = repository;
  }

  /** Every other place this block may be at, each once; the caller stops at the first that is intact. */
  async *otherPlaces(ref: BlockRef, signal?: AbortSignal): AsyncGenerator<BlockRef> {
    const places = [ref];
    const seen = new Set([placeOf(ref)]);
    const known = new Set(this.#tables.keys());
    for (const again of [false, true]) {
      // Tables read just now are as fresh as they can be.
      for (let index = 0; index < places.length; index++) {
        const from = places[index] ?? ref;
        if (again && !known.delete(from.pack)) continue;
        for (const place of await this.#placesFrom(from, { again, signal })) {
          if (seen.has(placeOf(place)) || seen.size >= maxPlaces) continue;
          seen.add(placeOf(place));
          places.push(place);
          yield place;
        }
      }
    }
  }

  async #placesFrom(
    ref: BlockRef,
    options: { readonly again: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<BlockRef[]> {
    if (options.again) this.#tables.delete(ref.pack);
    const table = await this.#table(ref.pack, options.signal);
    return table.filter((block) => block.slot === ref.slot).map((block) => ({ ...ref, ...block.to }));
  }

  #table(pack: string, signal?: AbortSignal): Promise<readonly MovedBlock[]> {
    const known = this.#tables.get(pack);
    if (known !== undefined) return known;
    const loading = this.#load(pack, signal);
    loading.catch(() => this.#tables.delete(pack));
    this.#tables.set(pack, loading);
    const [oldest] = this.#tables.keys();
    if (this.#tables.size > cachedPacks && oldest !== undefined) this.#tables.delete(oldest);
    return loading;
  }

  async #load(packId: string, signal?: AbortSignal): Promise<MovedBlock[]> {
    const blocks: MovedBlock[] = [];
    for await (const { name } of this.#repository.store.list(movedPrefix(packId), signal)) {
      blocks.push(...(await this.#readTable(name, signal)));
    }
    return blocks;
  }

  /** A damaged table names no places; if the block is nowhere else, that is what will be told. */
  async #readTable(name: string, signal?: AbortSignal): Promise<MovedBlock[]> {
    try {
      const plain = await getSealed(this.#repository, { name, kind: objectKinds.moved }, signal);
      return decodeMoved(plain, name);
    } catch (thrown) {
      if (thrown instanceof AppError && ['damaged', 'not-found'].includes(thrown.code)) return [];
      throw thrown;
    }
  }
}
