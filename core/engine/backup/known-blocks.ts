import type { BlockRef } from '../format/block-ref.ts';
import { packName } from '../format/names.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import type { BlockIndex } from './block-index.ts';

/**
 * The blocks that an attempt may refer to. An index is a hint that may be out of date, so the first time a
 * block in some pack would be used, the pack itself is looked for; one cheap request a pack.
 */
export class KnownBlocks {
  readonly #repository: OpenRepository;
  readonly #index: BlockIndex;
  readonly #packs = new Map<string, boolean>();
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(repository: OpenRepository, index: BlockIndex) {
    this.#repository = repository;
    this.#index = index;
  }

  /** Must have resolved before `find` for this id counts. */
  async prepare(id: Uint8Array, signal?: AbortSignal): Promise<void> {
    const pack = this.#index.find(id)?.pack;
    if (pack === undefined || this.#packs.has(pack)) return;
    const asking = this.#asking.get(pack) ?? this.#ask(pack, signal);
    await asking;
  }

  find(id: Uint8Array): BlockRef | undefined {
    const ref = this.#index.find(id);
    return ref !== undefined && this.#packs.get(ref.pack) === true ? ref : undefined;
  }

  /** A block that this attempt stores; its pack is on its way and needs no looking for. */
  add(ref: BlockRef): void {
    this.#packs.set(ref.pack, true);
    this.#index.put(ref);
  }

  #ask(pack: string, signal?: AbortSignal): Promise<boolean> {
    const asking = this.#repository.store
      .head(packName(pack), signal)
      .then((info) => {
        this.#packs.set(pack, info !== undefined);
        return info !== undefined;
      })
      .finally(() => this.#asking.delete(pack));
    this.#asking.set(pack, asking);
    return asking;
  }
}
