import { crc32 } from 'node:zlib';
import { type SealContext, seal, tagLength, unseal } from '../crypto/aead.ts';
import type { RepositoryKeys } from '../crypto/repository-keys.ts';
import { type BlockRef, blockIdLength } from './block-ref.ts';
import { ByteReader, ByteWriter, damaged } from './bytes.ts';
import { packIdToBytes, packName } from './names.ts';

/** `docs/format.md`, section "Packs". */
export const packKinds = { data: 1, map: 2 } as const;
export type PackKind = (typeof packKinds)[keyof typeof packKinds];

export const packHeaderLength = 8;
export const packTrailerLength = 16;
const packVersion = 1;
const headerMagic = Buffer.from('CRNP', 'latin1');
/** What stood at the end of packs before the end vouched for name and size. */
const olderEnd = Buffer.from('PNRC', 'latin1').readUInt32LE();
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
  readonly packId: string;
  readonly kind: PackKind;
  readonly key: SealContext['key'];
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
  const crc = new ByteWriter(4).u32(crc32(body, options.crcSoFar)).bytes;
  const footer = Buffer.concat([body, crc, Buffer.alloc(4)]);
  const size = entries.reduce((sum, entry) => sum + entry.length, packHeaderLength) + footer.length;
  const end = packEnd({ packId: options.packId, size }, footer.subarray(sealedLength, sealedLength + 12));
  footer.writeUInt32LE(end, footer.length - 4);
  return footer;
}

/** Which pack, and how long it is as the store states it. */
export interface PackPlace {
  readonly packId: string;
  readonly size: number;
}

/** The last four bytes: with them 16 bytes and the key-less listing show that a pack has its name and its length. */
function packEnd(place: PackPlace, trailerStart: Uint8Array): number {
  const size = new ByteWriter(4).u32(place.size % 2 ** 32).bytes;
  return crc32(trailerStart, crc32(size, crc32(packIdToBytes(place.packId))));
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
  /** CRC-32 of everything before it. */
  readonly crc: number;
  /** Of a form whose end does not vouch for name and length. */
  readonly older: boolean;
}

/** Reads the last 16 bytes of a pack. Needs no key. */
export function decodeTrailer(bytes: Uint8Array, place: PackPlace): PackTrailer {
  const object = packName(place.packId);
  const reader = new ByteReader(bytes, object);
  const [footerLength, blockCount, crc, end] = [reader.u32(), reader.u32(), reader.u32(), reader.u32()];
  const older = end === olderEnd;
  if (!older && end !== packEnd(place, bytes.subarray(0, 12))) {
    throw damaged(object, 'it does not end like a pack of this name and length');
  }
  const least = packHeaderLength + footerLength + packTrailerLength;
  const consistent = footerLength === blockCount * footerEntryLength + tagLength && least <= place.size;
  if (blockCount > maxBlocksInPack || !consistent) throw damaged(object, 'its trailer contradicts itself');
  return { footerLength, blockCount, crc, older };
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
  /** Of the whole pack. */
  readonly size: number;
  readonly header: Uint8Array;
  /** Sealed footer followed by the trailer. */
  readonly tail: Uint8Array;
  readonly keys: RepositoryKeys;
}): BlockRef[] {
  const object = packName(options.packId);
  const footerEnd = options.tail.length - packTrailerLength;
  const trailer = decodeTrailer(options.tail.subarray(Math.max(0, footerEnd)), options);
  if (trailer.footerLength !== footerEnd) throw damaged(object, 'its footer has a wrong length');
  const plain = unseal(options.tail.subarray(0, footerEnd), {
    key: options.keys.packKeyOnce(options.packId),
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
