import { openBlock } from '../compute/block-worker.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { damaged } from '../format/bytes.ts';
import { decodeNode, type MapNode } from '../format/map-node.ts';
import { packName } from '../format/names.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { BoundedCache } from './bounded-cache.ts';

/** Nodes of one map lie together, so they are fetched by the window. */
const windowLength = 128 * 1024;
const cachedWindowBytes = 8 * 1024 * 1024;
const cachedNodes = 2048;
const largestNode = 16 * 1024;

/** Reads map nodes; every node is authenticated before it is believed. */
export class NodeReader {
  readonly #repository: OpenRepository;
  readonly #windows = new BoundedCache<Uint8Array>(cachedWindowBytes, (bytes) => bytes.length);
  readonly #nodes = new BoundedCache<MapNode>(cachedNodes, () => 1);

  constructor(repository: OpenRepository) {
    this.#repository = repository;
  }

  read(ref: BlockRef, level: number, signal?: AbortSignal): Promise<MapNode> {
    return this.#nodes.get(`${ref.pack}:${ref.slot}`, () => this.#load(ref, level, signal));
  }

  async #load(ref: BlockRef, level: number, signal?: AbortSignal): Promise<MapNode> {
    const object = packName(ref.pack);
    if (ref.plainLength > largestNode || ref.length > 2 * largestNode) {
      throw damaged(object, 'a map node in it is too large');
    }
    const plain = openBlock(ref, await this.#sealed(ref, signal), this.#repository.keys);
    if (plain === undefined) throw damaged(object, `the map node at ${ref.offset} is not authentic`);
    return decodeNode(plain, level, object);
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
    const range = { offset: index * windowLength, length: windowLength };
    return this.#windows.get(`${pack}:${index}`, () =>
      this.#repository.store.get(packName(pack), range, signal),
    );
  }
}
