import { PackBuilder } from '../compute/pack-builder.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { encode } from '../format/encoding.ts';
import { encodeNode, type MapNode } from '../format/map-node.ts';
import { packIdOf } from '../format/names.ts';
import { firstMapPack, packKinds } from '../format/pack.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import type { PackUploader } from './pack-uploader.ts';

const packTarget = 4 * 1024 * 1024;
const maxNode = 16 * 1024;

/** Seals map nodes into map packs and sends full ones on their way. */
export class NodeWriter {
  readonly #repository: OpenRepository;
  readonly #attempt: string;
  readonly #uploader: PackUploader;
  #pack: PackBuilder | undefined;
  #packs = 0;
  #bytes = 0;

  constructor(repository: OpenRepository, attempt: string, uploader: PackUploader) {
    this.#repository = repository;
    this.#attempt = attempt;
    this.#uploader = uploader;
  }

  /** Sealed bytes of all nodes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  async write(node: MapNode): Promise<BlockRef> {
    const plain = encodeNode(node);
    const id = this.#repository.keys.nodeId(plain);
    const pack = this.#openPack();
    const ref = pack.add({ id, plainLength: plain.length, encoded: encode(plain) });
    this.#bytes += ref.length;
    if (pack.full) await this.finish();
    return ref;
  }

  async finish(): Promise<void> {
    const pack = this.#pack;
    this.#pack = undefined;
    if (pack !== undefined) await this.#uploader.submit(pack.finish());
  }

  #openPack(): PackBuilder {
    if (this.#pack === undefined) {
      const packId = packIdOf(this.#attempt, firstMapPack + this.#packs++);
      const key = this.#repository.keys.packKey(packId);
      this.#pack = new PackBuilder({
        packId,
        kind: packKinds.map,
        key,
        target: packTarget,
        maxBlock: maxNode,
      });
    }
    return this.#pack;
  }
}
