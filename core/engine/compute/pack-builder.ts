import type { KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { seal, tagLength } from '../crypto/aead.ts';
import { type BlockRef, packTooLarge } from '../format/block-ref.ts';
import { type Encoded, encodings } from '../format/encoding.ts';
import {
  blockAssociated,
  blockNonce,
  encodeFooter,
  maxBlocksInPack,
  type PackKind,
  packHeader,
  placeEntries,
} from '../format/pack.ts';
import { pageMemory } from '../page-memory.ts';
import { releaseMemory } from './release-memory.ts';

export interface FinishedPack {
  readonly packId: string;
  readonly kind: PackKind;
  /** The object's bytes: blocks, then footer. */
  readonly parts: readonly Uint8Array[];
  readonly refs: readonly BlockRef[];
}

export interface PackBuilderOptions {
  readonly packId: string;
  readonly kind: PackKind;
  readonly key: KeyObject;
  /** Memory of an earlier pack; used when it is of the right size. */
  readonly memory?: Uint8Array;
  /** Bytes; a pack is full at `target`, the last block may reach past it. */
  readonly target: number;
  readonly maxBlock: number;
}

export interface NewBlock {
  readonly id: Uint8Array;
  readonly plainLength: number;
  readonly encoded: Encoded;
}

/** One pack being filled in memory. */
export class PackBuilder {
  readonly packId: string;
  readonly #options: PackBuilderOptions;
  readonly #bytes: Buffer;
  readonly #refs: BlockRef[] = [];
  #length: number;
  #crc: number;

  constructor(options: PackBuilderOptions) {
    this.packId = options.packId;
    this.#options = options;
    this.#bytes = packMemory(options);
    const header = packHeader(options.kind);
    this.#length = header.copy(this.#bytes);
    this.#crc = crc32(header);
  }

  get full(): boolean {
    return this.#length >= this.#options.target || this.#refs.length >= maxBlocksInPack;
  }

  get empty(): boolean {
    return this.#refs.length === 0;
  }

  add(block: NewBlock): BlockRef {
    const { id, plainLength, encoded } = block;
    const slot = this.#refs.length;
    const length = encoded.bytes.length + tagLength;
    if (this.full || this.#length + length > this.#bytes.length) throw packTooLarge();
    const sealed = seal(encoded.bytes, {
      key: this.#options.key,
      nonce: blockNonce(slot),
      associated: blockAssociated({ id, encoding: encoded.encoding, plainLength }),
    });
    const ref: BlockRef = {
      id,
      pack: this.packId,
      slot,
      offset: this.#length,
      length,
      plainLength,
      encoding: encoded.encoding,
    };
    for (const part of sealed) {
      this.#bytes.set(part, this.#length);
      this.#crc = crc32(part, this.#crc);
      this.#length += part.length;
      releaseMemory(part);
    }
    if (encoded.encoding === encodings.zstd) releaseMemory(encoded.bytes);
    this.#refs.push(ref);
    return ref;
  }

  finish(): FinishedPack {
    const body = this.#bytes.subarray(0, this.#length);
    const footer = encodeFooter(this.#refs, {
      packId: this.packId,
      kind: this.#options.kind,
      key: this.#options.key,
      crcSoFar: this.#crc,
    });
    const refs = placeEntries(this.packId, this.#refs);
    return { packId: this.packId, kind: this.#options.kind, parts: [body, footer], refs };
  }
}

function packMemory(options: PackBuilderOptions): Buffer {
  const { memory } = options;
  const length = options.target + options.maxBlock + tagLength;
  const bytes = memory?.buffer.byteLength === length ? memory : pageMemory(length);
  return Buffer.from(bytes.buffer, 0, length);
}
