import type { KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { seal, tagLength, unseal } from '../crypto/aead.ts';
import type { RepositoryKeys } from '../crypto/repository-keys.ts';
import { type BlockRef, blockIdLength } from './block-ref.ts';
import { ByteReader, ByteWriter, damaged } from './bytes.ts';
import { packName } from './names.ts';

/** `docs/format.md`, section "Packs". */
export const packKinds = { data: 1, map: 2 } as const;
export type PackKind = (typeof packKinds)[keyof typeof packKinds];

export const packHeaderLength = 8;
export const packTrailerLength = 16;
const packVersion = 1;
const headerMagic = Buffer.from('CRNP', 'latin1');
const trailerMagic = Buffer.from('PNRC', 'latin1');
const footerSlot = 0xffff_ffff;
export const footerEntryLength = blockIdLength + 9;
/** Keeps one footer within what any reader is willing to hold. */
export const maxBlocksInPack = 0xffff;

/** Numbers of map packs start here; those of data packs below. */
export const firstMapPack = 0x8000_0000;

export function isMapPack(packId: string): boolean {
  return Number.parseInt(packId.slice(33), 16) >= firstMapPack;
}

export interface PackEntry {
  readonly id: Uint8Array;
  readonly encoding: number;
  readonly length: number;
  readonly plainLength: number;
}

export function packHeader(kind: PackKind): Buffer {
  return new ByteWriter(packHeaderLength).put(headerMagic).u8(packVersion).u8(kind).u16(0).bytes;
}

export function blockNonce(slot: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(slot);
  return nonce;
}

/** What the seal of a block vouches for besides its bytes. The slot is in the nonce, the pack in the key. */
export function blockAssociated(entry: Pick<PackEntry, 'id' | 'encoding' | 'plainLength'>): Buffer {
  return new ByteWriter(footerEntryLength - 4).put(entry.id).u8(entry.encoding).u32(entry.plainLength).bytes;
}

export interface FooterOptions {
  readonly kind: PackKind;
  readonly key: KeyObject;
  /** CRC-32 of everything before the footer. */
  readonly crcSoFar: number;
}

/** Sealed footer and clear trailer, one buffer. */
export function encodeFooter(entries: readonly PackEntry[], options: FooterOptions): Buffer {
  const sealedLength = entries.length * footerEntryLength + tagLength;
  const trailerStart = new ByteWriter(8).u32(sealedLength).u32(entries.length).bytes;
  const sealed = seal(encodeEntries(entries), {
    key: options.key,
    nonce: blockNonce(footerSlot),
    associated: Buffer.concat([packHeader(options.kind), trailerStart]),
  });
  const body = Buffer.concat([...sealed, trailerStart]);
  const end = new ByteWriter(8).u32(crc32(body, options.crcSoFar)).put(trailerMagic).bytes;
  return Buffer.concat([body, end]);
}

export function encodeEntries(entries: readonly PackEntry[]): Buffer {
  const writer = new ByteWriter(entries.length * footerEntryLength);
  for (const entry of entries) {
    writer.put(entry.id).u8(entry.encoding).u32(entry.length).u32(entry.plainLength);
  }
  return writer.bytes;
}

export function decodeEntries(reader: ByteReader, count: number): PackEntry[] {
  const entries: PackEntry[] = [];
  for (let index = 0; index < count; index++) {
    entries.push({
      id: reader.take(blockIdLength),
      encoding: reader.u8(),
      length: reader.u32(),
      plainLength: reader.u32(),
    });
  }
  return entries;
}

export interface PackTrailer {
  readonly footerLength: number;
  readonly blockCount: number;
  readonly crc: number;
}

/** Reads the last 16 bytes of a pack. Needs no key. */
export function decodeTrailer(bytes: Uint8Array, object: string): PackTrailer {
  const reader = new ByteReader(bytes, object);
  const trailer = { footerLength: reader.u32(), blockCount: reader.u32(), crc: reader.u32() };
  if (!reader.take(4).equals(trailerMagic)) throw damaged(object, 'it does not end like a pack');
  if (
    trailer.blockCount > maxBlocksInPack ||
    trailer.footerLength !== trailer.blockCount * footerEntryLength + tagLength
  ) {
    throw damaged(object, 'its trailer contradicts itself');
  }
  return trailer;
}

export function decodeHeader(bytes: Uint8Array, object: string): PackKind {
  const reader = new ByteReader(bytes, object);
  if (!reader.take(4).equals(headerMagic)) throw damaged(object, 'it does not begin like a pack');
  const version = reader.u8();
  const kind = reader.u8();
  if (version !== packVersion || reader.u16() !== 0) throw damaged(object, 'its header is not of version 1');
  if (kind !== packKinds.data && kind !== packKinds.map) throw damaged(object, 'its kind is unknown');
  return kind;
}

/** The blocks of a pack with their places, from its header, sealed footer and trailer. */
export function openFooter(options: {
  readonly packId: string;
  readonly header: Uint8Array;
  /** Sealed footer followed by the trailer. */
  readonly tail: Uint8Array;
  readonly keys: RepositoryKeys;
}): BlockRef[] {
  const object = packName(options.packId);
  const footerEnd = options.tail.length - packTrailerLength;
  const trailer = decodeTrailer(options.tail.subarray(Math.max(0, footerEnd)), object);
  if (trailer.footerLength !== footerEnd) throw damaged(object, 'its footer has a wrong length');
  const plain = unseal(options.tail.subarray(0, footerEnd), {
    key: options.keys.packKey(options.packId),
    nonce: blockNonce(footerSlot),
    associated: Buffer.concat([options.header, options.tail.subarray(footerEnd, footerEnd + 8)]),
  });
  if (plain === undefined) throw damaged(object, 'its footer is not authentic');
  return placeEntries(options.packId, decodeEntries(new ByteReader(plain, object), trailer.blockCount));
}

/** Blocks lie one after another behind the header. */
export function placeEntries(packId: string, entries: readonly PackEntry[]): BlockRef[] {
  let offset = packHeaderLength;
  return entries.map((entry, slot) => {
    const ref = { ...entry, pack: packId, slot, offset };
    offset += entry.length;
    return ref;
  });
}
