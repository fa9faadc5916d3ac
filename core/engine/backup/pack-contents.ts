import { type BlockRef, blockIdLength } from '../format/block-ref.ts';

const fieldCount = 4;

/** The blocks of one pack in little memory, to be found by their full ids. */
export class PackContents {
  readonly #pack: string;
  readonly #ids: Buffer;
  /** Of each block: offset, sealed length, plain length, encoding. */
  readonly #fields: Uint32Array;

  constructor(pack: string, refs: readonly BlockRef[]) {
    this.#pack = pack;
    this.#ids = Buffer.concat(refs.map((ref) => ref.id));
    this.#fields = Uint32Array.from(
      refs.flatMap((ref) => [ref.offset, ref.length, ref.plainLength, ref.encoding]),
    );
  }

  /** Bytes, roughly. */
  get weight(): number {
    return this.#ids.length + this.#fields.byteLength + 512;
  }

  /** Every place in this pack; hardly ever more than one. */
  find(id: Uint8Array): BlockRef[] {
    const found: BlockRef[] = [];
    for (let at = this.#ids.indexOf(id); at >= 0; at = this.#ids.indexOf(id, at + 1)) {
      if (at % blockIdLength === 0) found.push(this.#ref(id, at / blockIdLength));
    }
    return found;
  }

  #ref(id: Uint8Array, slot: number): BlockRef {
    const [offset = 0, length = 0, plainLength = 0, encoding = 0] = this.#fields.subarray(slot * fieldCount);
    return { id, pack: this.#pack, slot, offset, length, plainLength, encoding };
  }
}
