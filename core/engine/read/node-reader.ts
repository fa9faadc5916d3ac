import { AppError } from '../../contract/index.ts';
import { openBlock } from '../compute/block-worker.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { damaged } from '../format/bytes.ts';
import { decodeNode, type MapNode } from '../format/map-node.ts';
import { packName } from '../format/names.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { BoundedCache } from './bounded-cache.ts';
import { MovedBlocks } from './moved-blocks.ts';

/** Nodes of one map lie together, so they are fetched by the window. */
const windowLength = 128 * 1024;
const cachedWindowBytes = 8 * 1024 * 1024;
const usualNodes = 2048;
const largestNode = 16 * 1024;

/** Reads map nodes, wherever compaction or healing has put them; every node is authenticated before it is believed. */
export class NodeReader {
  readonly #repository: OpenRepository;
  readonly #windows = new BoundedCache<Uint8Array>(cachedWindowBytes, (bytes) => bytes.length);
  readonly #nodes: BoundedCache<MapNode>;
  readonly #moved: MovedBlocks;

  /** Who reads each node once keeps few of them: what lives longer than a moment costs the garbage collector most. */
  constructor(repository: OpenRepository, options: { readonly cachedNodes?: number } = {}) {
    this.#repository = repository;
    this.#nodes = new BoundedCache<MapNode>(options.cachedNodes ?? usualNodes, () => 1);
    this.#moved = new MovedBlocks(repository);
  }

  read(ref: BlockRef, level: number, signal?: AbortSignal): Promise<MapNode> {
    return this.#nodes.get(`${ref.pack}:${ref.slot}`, () => this.#load(ref, level, signal));
  }

  /** Undefined when the node is nowhere intact. */
  async readIfIntact(ref: BlockRef, level: number, signal?: AbortSignal): Promise<MapNode | undefined> {
    try {
      return await this.read(ref, level, signal);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'damaged') return undefined;
      throw thrown;
    }
  }

  async #load(ref: BlockRef, level: number, signal?: AbortSignal): Promise<MapNode> {
    const object = packName(ref.pack);
    if (ref.plainLength > largestNode || ref.length > 2 * largestNode) {
      throw damaged(object, 'a map node in it is too large');
    }
    const plain = (await this.#open(ref, signal)) ?? (await this.#openElsewhere(ref, signal));
    if (plain !== undefined) return decodeNode(plain, level, object);
    throw damaged(object, `the map node at ${ref.offset} is missing or not authentic`);
  }

  async #open(ref: BlockRef, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    return openBlock(ref, await this.#sealed(ref, signal), this.#repository.keys);
  }

  async #openElsewhere(ref: BlockRef, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    for await (const place of this.#moved.otherPlaces(ref, signal)) {
      const plain = await this.#open(place, signal);
      if (plain !== undefined) return plain;
    }
    return undefined;
  }

  async #sealed(ref: BlockRef, signal?: AbortSignal): Promise<Uint8Array> {
    const first = Math.floor(ref.offset / windowLength);
    const last = Math.floor((ref.offset + ref.length - 1) / windowLength);
    const windows = await Promise.all(
      Array.from({ length: last - first + 1 }, (_, index) => this.#window(ref.pack, first + index, signal)),
    );
    const joined = windows.length === 1 ? windows[0] : Buffer.concat(windows);
    const start = ref.offset - first * windowLength;
    return (joined ?? new Uint8Array(0)).subarray(start, start + ref.length);
  }

  #window(pack: string, index: number, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#windows.get(`${pack}:${index}`, () => this.#fetch(pack, index, signal));
  }

  /** A pack that is gone reads as nothing, so that its nodes are looked for elsewhere. */
  async #fetch(pack: string, index: number, signal?: AbortSignal): Promise<Uint8Array> {
    const range = { offset: index * windowLength, length: windowLength };
    try {
      return await this.#repository.store.get(packName(pack), range, signal);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not-found') return new Uint8Array(0);
      throw thrown;
    }
  }
}
