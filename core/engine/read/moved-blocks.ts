import { AppError } from '../../contract/index.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { decodeMoved, type MovedBlock, movedPrefix } from '../format/moved.ts';
import { objectKinds } from '../format/sealed-object.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { getSealed } from '../repository/sealed-store.ts';
import { BoundedCache } from './bounded-cache.ts';

const cachedPacks = 1000;

/** Finds blocks that are no longer where a map says. Each pack's table is looked up once. */
export class MovedBlocks {
  readonly #repository: OpenRepository;
  readonly #tables = new BoundedCache<readonly MovedBlock[]>(cachedPacks, () => 1);

  constructor(repository: OpenRepository) {
    this.#repository = repository;
  }

  /** Every place this block was moved to, the latest of which may itself have been left again. */
  async find(ref: BlockRef, signal?: AbortSignal): Promise<BlockRef[]> {
    const table = await this.#tables.get(ref.pack, () => this.#load(ref.pack, signal));
    return table.filter((block) => block.slot === ref.slot).map((block) => ({ ...ref, ...block.to }));
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
