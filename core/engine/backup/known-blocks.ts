import type { BlockRef } from '../format/block-ref.ts';
import type { MovedBlock } from '../format/moved.ts';
import { packName } from '../format/names.ts';
import type { Suspect } from '../format/suspects.ts';
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

  /** By the id's hexadecimal digits. */
  readonly #suspects = new Map<string, Suspect[]>();
  readonly #healed = new Map<string, MovedBlock[]>();

  constructor(repository: OpenRepository, index: BlockIndex, suspects: readonly Suspect[]) {
    this.#repository = repository;
    this.#index = index;
    for (const suspect of suspects) this.#suspect(suspect);
  }

  /** For each pack with damaged blocks that this attempt stored again, where they are now. */
  get healed(): ReadonlyMap<string, readonly MovedBlock[]> {
    return this.#healed;
  }

  #suspect(suspect: Suspect): void {
    const key = Buffer.from(suspect.id).toString('hex');
    this.#suspects.set(key, [...(this.#suspects.get(key) ?? []), suspect]);
    const known = this.#index.find(suspect.id);
    if (known?.pack === suspect.pack && known.slot === suspect.slot) this.#index.forget(suspect.id);
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
    if (this.#suspects.size > 0) this.#heal(ref);
  }

  #heal(ref: BlockRef): void {
    for (const { pack, slot } of this.#suspects.get(Buffer.from(ref.id).toString('hex')) ?? []) {
      this.#healed.set(pack, [...(this.#healed.get(pack) ?? []), { slot, to: ref }]);
    }
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
