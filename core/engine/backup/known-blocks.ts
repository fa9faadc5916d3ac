import { AppError } from '../../contract/index.ts';
import { type BlockRef, placeOf } from '../format/block-ref.ts';
import type { MovedBlock } from '../format/moved.ts';
import { attemptOfPack } from '../format/names.ts';
import type { Suspect } from '../format/suspects.ts';
import { BoundedCache } from '../read/bounded-cache.ts';
import { readFooter } from '../read/read-footer.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import type { BlockIndex, IndexedPlace } from './block-index.ts';
import { PackContents } from './pack-contents.ts';

const cachedBytes = 16 * 1024 * 1024;
/** Blocks stored by this attempt that are found without their packs' footers. */
const recentBlocks = 16 * 1024;

/**
 * The blocks that an attempt may refer to. The index says in which pack a block probably is; the footer of that
 * pack, read the first time, says whether it is, where, and that the pack still exists. One small request a pack.
 */
export class KnownBlocks {
  readonly #repository: OpenRepository;
  readonly #index: BlockIndex;
  readonly #contents = new BoundedCache<PackContents>(cachedBytes, ({ weight }) => weight);
  /** By id, oldest first. */
  readonly #recent = new Map<string, BlockRef>();
  #attempt = '';
  /** By id, and the places that must not be referred to. */
  readonly #suspects = new Map<string, Suspect[]>();
  readonly #damaged = new Set<string>();
  readonly #healed = new Map<string, MovedBlock[]>();

  constructor(repository: OpenRepository, index: BlockIndex, suspects: readonly Suspect[]) {
    this.#repository = repository;
    this.#index = index;
    for (const suspect of suspects) {
      const key = keyOf(suspect.id);
      this.#suspects.set(key, [...(this.#suspects.get(key) ?? []), suspect]);
      this.#damaged.add(placeOf(suspect));
    }
  }

  /** For each pack with damaged blocks that this attempt stored again, where they are now. */
  get healed(): ReadonlyMap<string, readonly MovedBlock[]> {
    return this.#healed;
  }

  /** Must have resolved before `find` for this id counts. */
  async prepare(id: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (this.#recent.has(keyOf(id))) return;
    for (const place of this.#index.packsOf(id)) await this.#contentsOf(place, signal);
  }

  find(id: Uint8Array): BlockRef | undefined {
    const recent = this.#recent.get(keyOf(id));
    if (recent !== undefined) return recent;
    for (const { packId } of this.#index.packsOf(id)) {
      const places = this.#contents.peek(packId)?.find(id) ?? [];
      const intact = places.find((place) => !this.#damaged.has(placeOf(place)));
      if (intact !== undefined) return intact;
    }
    return undefined;
  }

  /** A block that this attempt stores. */
  add(ref: BlockRef): void {
    this.#attempt = attemptOfPack(ref.pack);
    this.#index.addBlock(ref);
    this.#recent.set(keyOf(ref.id), ref);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > recentBlocks && oldest !== undefined) this.#recent.delete(oldest);
    if (this.#suspects.size > 0) this.#heal(ref);
  }

  #heal(ref: BlockRef): void {
    for (const { pack, slot } of this.#suspects.get(keyOf(ref.id)) ?? []) {
      this.#healed.set(pack, [...(this.#healed.get(pack) ?? []), { slot, to: ref }]);
    }
  }

  /** A pack that is gone or whose footer is damaged has nothing to refer to; its blocks are stored again. */
  async #contentsOf(place: IndexedPlace, signal?: AbortSignal): Promise<void> {
    const { packId } = place;
    try {
      await this.#contents.get(packId, async () => {
        const { refs } = await readFooter(this.#repository, place, { expectedLength: place.end, signal });
        return new PackContents(packId, refs);
      });
    } catch (thrown) {
      const unusable = thrown instanceof AppError && ['not-found', 'damaged'].includes(thrown.code);
      if (!unusable) throw thrown;
      // A pack of this attempt may only be on its way.
      const nothing = new PackContents(packId, []);
      if (attemptOfPack(packId) !== this.#attempt) await this.#contents.get(packId, async () => nothing);
    }
  }
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('latin1');
}
