import { PackBuilder } from '../compute/pack-builder.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { encode } from '../format/encoding.ts';
import { encodeNode, type MapNode } from '../format/map-node.ts';
import { packIdOf } from '../format/names.ts';
import { firstMapPack, packKinds } from '../format/pack.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import type { NodeHealer } from './node-healer.ts';
import type { PackUploader } from './pack-uploader.ts';

const packTarget = 4 * 1024 * 1024;
const maxNode = 16 * 1024;

/** Seals map nodes into map packs and sends full ones on their way. */
export class NodeWriter {
  readonly #repository: OpenRepository;
  readonly #attempt: string;
  readonly #uploader: PackUploader;
  readonly #healer: NodeHealer;
  #pack: PackBuilder | undefined;
  #packs = 0;
  #bytes = 0;

  constructor(
    repository: OpenRepository,
    work: { readonly attempt: string; readonly uploader: PackUploader; readonly healer: NodeHealer },
  ) {
    this.#repository = repository;
    this.#attempt = work.attempt;
    this.#uploader = work.uploader;
    this.#healer = work.healer;
  }

  /** Sealed bytes of all nodes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Where the node is from now on: new, or where it was stored before and is healed. */
  async write(node: MapNode): Promise<BlockRef> {
    const plain = encodeNode(node);
    const id = this.#repository.keys.nodeId(plain);
    const stored = await this.#healer.storedBefore(id, node.level);
    if (stored?.intact === true) return stored.ref;
    const ref = await this.#store(plain, id);
    return stored?.ref ?? ref;
  }

  /** Stores a node that was lost once more, under the id that it has. */
  async writeAgain(node: MapNode): Promise<void> {
    const plain = encodeNode(node);
    await this.#store(plain, this.#repository.keys.nodeId(plain));
  }

  async #store(plain: Uint8Array, id: Uint8Array): Promise<BlockRef> {
    const pack = this.#openPack();
    const ref = pack.add({ id, plainLength: plain.length, encoded: encode(plain) });
    this.#bytes += ref.length;
    this.#healer.note(ref);
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
