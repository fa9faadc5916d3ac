import { PackUploader } from '../backup/pack-uploader.ts';
import { PackBuilder } from '../compute/pack-builder.ts';
import { unseal } from '../crypto/aead.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { damaged } from '../format/bytes.ts';
import { encodeMoved, type MovedBlock, movedPrefix } from '../format/moved.ts';
import { packIdOf, packName } from '../format/names.ts';
import { blockAssociated, blockNonce, packKinds } from '../format/pack.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { footerIn } from '../read/read-footer.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { randomId } from '../repository/random-id.ts';
import { putSealed } from '../repository/sealed-store.ts';
import type { PackUse } from './mark.ts';
import type { MovedTable } from './moved-tables.ts';

const packTarget = 16 * 1024 * 1024;

/**
 * Copies the blocks in use out of packs that hold little else, and writes down where they are now. Blocks are
 * authenticated and sealed anew, not unpacked. The old packs stay; condemning them is the collector's business.
 */
export class Compactor {
  readonly #repository: OpenRepository;
  readonly #attempt: string;
  readonly #uploader: PackUploader;
  readonly #signal: AbortSignal | undefined;
  readonly #moves = new Map<string, MovedBlock[]>();
  readonly #packs = new Set<string>();
  #builder: PackBuilder | undefined;

  constructor(repository: OpenRepository, attempt: string, signal?: AbortSignal) {
    this.#repository = repository;
    this.#attempt = attempt;
    this.#signal = signal;
    this.#uploader = new PackUploader(repository, { concurrency: 2, signal });
  }

  /** Packs that now hold the copies. */
  get packs(): ReadonlySet<string> {
    return this.#packs;
  }

  async compact(packId: string, use: PackUse): Promise<void> {
    const name = packName(packId);
    const bytes = await this.#repository.store.get(name, undefined, this.#signal);
    const { refs } = footerIn(this.#repository, { packId, size: bytes.length }, bytes);
    for (const slot of use.slots()) {
      const ref = refs[slot];
      if (ref === undefined) throw damaged(name, 'a map refers to a block that it does not have');
      await this.#copy(ref, bytes.subarray(ref.offset, ref.offset + ref.length));
    }
  }

  /** Everything copied is stored, then the tables of moved blocks are. */
  async finish(): Promise<MovedTable[]> {
    await this.#closePack();
    await this.#uploader.finish();
    const tables: MovedTable[] = [];
    for (const [pack, blocks] of this.#moves) {
      const name = movedPrefix(pack) + randomId(this.#repository.deps);
      const content = { name, kind: objectKinds.moved, plain: encodeMoved(blocks) };
      await putSealed(this.#repository, content, this.#signal);
      tables.push({ name, pack, blocks });
    }
    return tables;
  }

  async #copy(ref: BlockRef, sealed: Uint8Array): Promise<void> {
    const { keys } = this.#repository;
    const name = packName(ref.pack);
    const stored = unseal(sealed, {
      key: keys.packKey(ref.pack),
      nonce: blockNonce(ref.slot),
      associated: blockAssociated(ref),
    });
    if (stored === undefined) throw damaged(name, `the block at ${ref.offset} is not authentic`);
    const builder = this.#openPack();
    const encoded = { encoding: ref.encoding, bytes: stored };
    const to = builder.add({ id: ref.id, plainLength: ref.plainLength, encoded });
    const moves = this.#moves.get(ref.pack) ?? [];
    this.#moves.set(ref.pack, moves);
    moves.push({ slot: ref.slot, to });
    if (builder.full) await this.#closePack();
  }

  #openPack(): PackBuilder {
    if (this.#builder !== undefined) return this.#builder;
    const packId = packIdOf(this.#attempt, this.#packs.size);
    this.#packs.add(packId);
    this.#builder = new PackBuilder({
      packId,
      kind: packKinds.data,
      key: this.#repository.keys.packKey(packId),
      target: packTarget,
      maxBlock: this.#repository.header.blockSize,
    });
    return this.#builder;
  }

  async #closePack(): Promise<void> {
    const builder = this.#builder;
    this.#builder = undefined;
    if (builder !== undefined) await this.#uploader.submit(builder.finish());
  }
}
