import { PackUploader } from '../backup/pack-uploader.ts';
import { PackBuilder } from '../compute/pack-builder.ts';
import { releaseMemory } from '../compute/release-memory.ts';
import { unseal } from '../crypto/aead.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { damaged } from '../format/bytes.ts';
import { encodeMoved, type MovedBlock, movedPrefix } from '../format/moved.ts';
import { packIdOf, packName } from '../format/names.ts';
import {
  blockAssociated,
  blockNonce,
  firstMapPack,
  isMapPack,
  type PackKind,
  packKinds,
} from '../format/pack.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { footerIn } from '../read/read-footer.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { randomId } from '../repository/random-id.ts';
import { putSealed } from '../repository/sealed-store.ts';
import type { MovedTable } from './moved-tables.ts';

const packTarget = 16 * 1024 * 1024;
/** Blocks copied whose new places are not written down yet: some 10 MiB. */
const usualMoves = 32 * 1024;

/**
 * Copies the blocks and map nodes in use out of packs that hold little else, and writes down where they are now. They
 * are authenticated and sealed anew, not unpacked. The old packs stay; condemning them is the collector's business.
 */
export class Compactor {
  readonly #repository: OpenRepository;
  readonly #attempt: string;
  readonly #uploader: PackUploader;
  readonly #signal: AbortSignal | undefined;
  readonly #movesInMemory: number;
  readonly #moves = new Map<string, MovedBlock[]>();
  #moved = 0;
  readonly #packs: string[] = [];
  readonly #data: PackSeries;
  readonly #map: PackSeries;

  constructor(repository: OpenRepository, attempt: string, options: CompactorOptions = {}) {
    const { signal, movesInMemory = usualMoves } = options;
    this.#repository = repository;
    this.#attempt = attempt;
    this.#signal = signal;
    this.#movesInMemory = movesInMemory;
    this.#uploader = new PackUploader(repository, { concurrency: 2, signal });
    this.#data = { kind: packKinds.data, first: 0, count: 0, builder: undefined };
    this.#map = { kind: packKinds.map, first: firstMapPack, count: 0, builder: undefined };
  }

  /** Packs that now hold the copies; few, because each is full. */
  get packs(): readonly string[] {
    return this.#packs;
  }

  /** Copies the blocks in these slots. Gives tables of what was copied, now and then and not in time with the packs. */
  async compact(packId: string, slots: Iterable<number>): Promise<readonly MovedTable[]> {
    const name = packName(packId);
    const bytes = await this.#repository.store.get(name, undefined, this.#signal);
    const { refs } = footerIn(this.#repository, { packId, size: bytes.length }, bytes);
    for (const slot of slots) {
      const ref = refs[slot];
      if (ref === undefined) throw damaged(name, 'a map refers to a block that it does not have');
      await this.#copy(ref, bytes.subarray(ref.offset, ref.offset + ref.length));
    }
    releaseMemory(bytes);
    return this.#moved < this.#movesInMemory ? [] : this.finish();
  }

  /** Everything copied is stored, then the tables of moved blocks are. */
  async finish(): Promise<MovedTable[]> {
    for (const series of [this.#data, this.#map]) await this.#closePack(series);
    await this.#uploader.finish();
    const tables: MovedTable[] = [];
    for (const [pack, blocks] of this.#moves) {
      const name = movedPrefix(pack) + randomId(this.#repository.deps);
      const content = { name, kind: objectKinds.moved, plain: encodeMoved(blocks) };
      await putSealed(this.#repository, content, this.#signal);
      tables.push({ name, pack, blocks });
    }
    this.#moves.clear();
    this.#moved = 0;
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
    const series = isMapPack(ref.pack) ? this.#map : this.#data;
    const builder = this.#openPack(series);
    const encoded = { encoding: ref.encoding, bytes: stored };
    const to = builder.add({ id: ref.id, plainLength: ref.plainLength, encoded });
    const moves = this.#moves.get(ref.pack) ?? [];
    this.#moves.set(ref.pack, moves);
    moves.push({ slot: ref.slot, to });
    this.#moved++;
    if (builder.full) await this.#closePack(series);
  }

  #openPack(series: PackSeries): PackBuilder {
    if (series.builder !== undefined) return series.builder;
    const packId = packIdOf(this.#attempt, series.first + series.count++);
    this.#packs.push(packId);
    series.builder = new PackBuilder({
      packId,
      kind: series.kind,
      key: this.#repository.keys.packKey(packId),
      target: packTarget,
      maxBlock: this.#repository.header.blockSize,
    });
    return series.builder;
  }

  async #closePack(series: PackSeries): Promise<void> {
    const { builder } = series;
    series.builder = undefined;
    if (builder !== undefined) await this.#uploader.submit(builder.finish());
  }
}

export interface CompactorOptions {
  readonly movesInMemory?: number;
  readonly signal?: AbortSignal;
}

/** Packs of one kind, numbered in their own way. */
interface PackSeries {
  readonly kind: PackKind;
  readonly first: number;
  count: number;
  builder: PackBuilder | undefined;
}
