import { releaseMemory } from '../compute/release-memory.ts';
import type { BlockRef } from '../format/block-ref.ts';
import type { BlockReader } from './block-reader.ts';
import { BoundedCache } from './bounded-cache.ts';

export interface NumberedBlock {
  /** Its place on the disk. */
  readonly block: number;
  readonly ref: BlockRef;
}

/** Blocks that were fetched together lie in one piece of memory. */
interface Fetched {
  readonly memory: Uint8Array;
  blocksInUse: number;
}

interface CachedBlock {
  readonly bytes: Uint8Array;
  readonly fetched: Fetched;
}

/** The unpacked blocks of one disk, kept up to a number of bytes. */
export class DiskBlocks {
  readonly #reader: BlockReader;
  readonly #cache: BoundedCache<CachedBlock>;
  /** What is being fetched ahead; undefined for what could not be had. */
  readonly #early = new Map<number, Promise<CachedBlock | undefined>>();

  constructor(reader: BlockReader, cacheBytes: number) {
    this.#reader = reader;
    this.#cache = new BoundedCache(cacheBytes, ({ bytes }) => bytes.length, dropBlock);
  }

  has(block: number): boolean {
    return this.#early.has(block) || this.#cache.has(String(block));
  }

  /** To be copied at once: the memory may be gone when other work has had its turn. */
  async get({ block, ref }: NumberedBlock, signal?: AbortSignal): Promise<Uint8Array> {
    const early = await this.#early.get(block);
    const { bytes } = early ?? (await this.#cache.get(String(block), () => this.#fetch(ref, signal)));
    return bytes;
  }

  /**
   * Fetches blocks by as few requests as their places allow. Quiet when that fails: whoever then asks for one of
   * them fetches it alone and learns the reason, so that a damaged block spoils no other.
   */
  fetchTogether(blocks: readonly NumberedBlock[], signal?: AbortSignal): void {
    const refs = blocks.map(({ ref }) => ref);
    const fetching = this.#reader.read(refs, { signal }).then(
      (memory) => ({ memory, blocksInUse: blocks.length }),
      () => undefined,
    );
    let at = 0;
    for (const { block, ref } of blocks) {
      const [start, end] = [at, at + ref.plainLength];
      this.#early.set(
        block,
        fetching.then((fetched) => this.#keep(block, fetched, { start, end })),
      );
      at = end;
    }
  }

  async #fetch(ref: BlockRef, signal?: AbortSignal): Promise<CachedBlock> {
    const memory = await this.#reader.read([ref], { signal });
    return { bytes: memory, fetched: { memory, blocksInUse: 1 } };
  }

  #keep(
    block: number,
    fetched: Fetched | undefined,
    part: { readonly start: number; readonly end: number },
  ): CachedBlock | undefined {
    this.#early.delete(block);
    if (fetched === undefined) return undefined;
    const cached = { bytes: fetched.memory.subarray(part.start, part.end), fetched };
    this.#cache.set(String(block), cached);
    return cached;
  }
}

/** Memory goes when its last block went and those who wait for it in this turn have copied. */
function dropBlock({ fetched }: CachedBlock): void {
  fetched.blocksInUse--;
  if (fetched.blocksInUse === 0) setImmediate(() => releaseMemory(fetched.memory));
}
