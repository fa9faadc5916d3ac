import type { FinishedPack } from '../compute/pack-builder.ts';
import { encodeIndex, type IndexedPack } from '../format/index-object.ts';
import { packName, prefixes } from '../format/names.ts';
import { packKinds } from '../format/pack.ts';
import { objectKinds } from '../format/sealed-object.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { randomId } from '../repository/random-id.ts';
import { putSealed } from '../repository/sealed-store.ts';

/** Packs whose blocks later attempts may find even when this one never ends. */
const packsPerIndex = 32;

/**
 * Sends finished packs to the store, a bounded number at a time, and writes down in index objects which
 * blocks are where; never before the pack itself is stored.
 */
export class PackUploader {
  readonly #repository: OpenRepository;
  readonly #limit: number;
  readonly #signal: AbortSignal | undefined;
  readonly #running = new Set<Promise<void>>();
  #unindexed: IndexedPack[] = [];
  #failure: unknown;
  #failed = false;
  #stored = 0;

  constructor(
    repository: OpenRepository,
    options: { readonly concurrency: number; readonly signal?: AbortSignal },
  ) {
    this.#repository = repository;
    this.#limit = options.concurrency;
    this.#signal = options.signal;
  }

  /** Bytes that the store has confirmed. */
  get bytesStored(): number {
    return this.#stored;
  }

  /** Resolves when the pack is on its way; waits while too many are. `onStored`: its memory is free again. */
  async submit(pack: FinishedPack, onStored?: () => void): Promise<void> {
    while (this.#running.size >= this.#limit) await Promise.race(this.#running);
    this.#throwIfFailed();
    const upload = this.#upload(pack, onStored).catch((thrown: unknown) => {
      this.#failed = true;
      this.#failure ??= thrown;
    });
    const tracked = upload.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Everything submitted is stored and indexed. */
  async finish(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
    this.#throwIfFailed();
    await this.#writeIndex();
  }

  /** For an attempt that ends early: waits for what is on its way and keeps it findable, if the store allows. */
  async abandon(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
    await this.#writeIndex(AbortSignal.timeout(10_000)).catch(() => undefined);
  }

  async #upload(pack: FinishedPack, onStored?: () => void): Promise<void> {
    await this.#repository.store.put(packName(pack.packId), pack.parts, this.#signal);
    this.#stored += pack.parts.reduce((sum, part) => sum + part.length, 0);
    onStored?.();
    if (pack.kind !== packKinds.data) return;
    this.#unindexed.push({ packId: pack.packId, entries: pack.refs });
    if (this.#unindexed.length >= packsPerIndex) await this.#writeIndex();
  }

  async #writeIndex(signal: AbortSignal | undefined = this.#signal): Promise<void> {
    const packs = this.#unindexed;
    this.#unindexed = [];
    if (packs.length === 0) return;
    const name = prefixes.index + randomId(this.#repository.deps);
    const content = { name, kind: objectKinds.index, plain: encodeIndex(packs) };
    this.#stored += await putSealed(this.#repository, content, signal);
  }

  #throwIfFailed(): void {
    if (this.#failed) throw this.#failure;
  }
}
