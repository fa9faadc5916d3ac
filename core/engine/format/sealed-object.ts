import { crc32 } from 'node:zlib';
import { nonceLength, seal, tagLength, unseal } from '../crypto/aead.ts';
import type { RepositoryKeys } from '../crypto/repository-keys.ts';
import { ByteReader, ByteWriter, damaged } from './bytes.ts';
import { decode, encode } from './encoding.ts';

/** `docs/format.md`, section "Sealed objects": everything small that is not a pack. */
export const objectKinds = {
  manifest: 1,
  fence: 2,
  index: 3,
  condemned: 4,
  waits: 5,
  moved: 6,
  suspects: 7,
} as const;
export type ObjectKind = (typeof objectKinds)[keyof typeof objectKinds];

const magic = Buffer.from('CRNO', 'latin1');
const version = 2;
/** Objects of version 1 end with their tag; since version 2 a checksum follows that needs no key. */
const olderVersion = 1;
const headerLength = 8;
export const checksumLength = 4;
/** Without content: header, nonce, encoding, length, tag. */
export const leastSealedLength = headerLength + nonceLength + 5 + tagLength;
const maxPlainLength = 1 << 30;

export interface SealedObject {
  readonly kind: number;
  readonly plain: Uint8Array;
}

export function sealObject(
  content: { readonly name: string; readonly kind: ObjectKind; readonly plain: Uint8Array },
  deps: { readonly keys: RepositoryKeys; readonly random: (length: number) => Uint8Array },
): Uint8Array[] {
  const header = new ByteWriter(headerLength).put(magic).u8(version).u8(content.kind).u16(0).bytes;
  const nonce = deps.random(nonceLength);
  const { encoding, bytes } = encode(content.plain);
  const body = new ByteWriter(bytes.length + 5).u8(encoding).u32(content.plain.length).put(bytes).bytes;
  const key = deps.keys.objectKey(content.name);
  const parts = [header, nonce, ...seal(body, { key, nonce, associated: header })];
  const crc = parts.reduce((sum, part) => crc32(part, sum), checksumStart(content.name));
  return [...parts, new ByteWriter(checksumLength).u32(crc).bytes];
}

/** The checksum covers the name first, so that an object under another's name is noticed without the key. */
export function checksumStart(name: string): number {
  return crc32(name);
}

/** `damaged` unless these bytes were sealed under this very name with this repository's key. */
export function openObject(name: string, bytes: Uint8Array, keys: RepositoryKeys): SealedObject {
  const reader = new ByteReader(bytes, name);
  const header = reader.take(headerLength);
  if (!header.subarray(0, 4).equals(magic)) throw damaged(name, 'it does not begin like an object of Cairn');
  const nonce = reader.take(nonceLength);
  const afterTag = header.readUInt8(4) === olderVersion ? 0 : checksumLength;
  if (reader.remaining < tagLength + afterTag) throw damaged(name, 'it is shorter than it says');
  const sealed = reader.take(reader.remaining - afterTag);
  const body = unseal(sealed, { key: keys.objectKey(name), nonce, associated: header });
  if (body === undefined) throw damaged(name, 'it is not authentic');
  if (header.readUInt8(4) > version) throw damaged(name, 'its version is unknown');
  return { kind: header.readUInt8(5), plain: openBody(name, body) };
}

function openBody(name: string, body: Uint8Array): Uint8Array {
  const reader = new ByteReader(body, name);
  const encoding = reader.u8();
  const plainLength = reader.u32();
  if (plainLength > maxPlainLength) throw damaged(name, 'it claims to be larger than any object may be');
  return decode(reader.rest(), { encoding, plainLength, object: name });
}

export function expectKind(name: string, object: SealedObject, kind: ObjectKind): Uint8Array {
  if (object.kind !== kind) throw damaged(name, 'it is of another kind than its name says');
  return object.plain;
}

export interface SealedHeader {
  readonly kind: number;
  /** False for objects of version 1. */
  readonly hasChecksum: boolean;
}

/** The first bytes, without the key. `damaged` unless they begin an object of a version known here. */
export function decodeSealedHeader(name: string, bytes: Uint8Array): SealedHeader {
  const reader = new ByteReader(bytes, name);
  if (!reader.take(4).equals(magic)) throw damaged(name, 'it does not begin like an object of Cairn');
  const [stated, kind] = [reader.u8(), reader.u8()];
  if (stated < olderVersion || stated > version || reader.u16() !== 0) {
    throw damaged(name, 'its header is not of a version known here');
  }
  return { kind, hasChecksum: stated !== olderVersion };
}

/** A damaged checksum keeps nobody from reading an object that is authentic; a health check tells. */
export function checkSealedChecksum(name: string, bytes: Uint8Array): void {
  if (!decodeSealedHeader(name, bytes).hasChecksum) return;
  const end = Math.max(0, bytes.length - checksumLength);
  const stated = new ByteReader(bytes.subarray(end), name).u32();
  if (crc32(bytes.subarray(0, end), checksumStart(name)) !== stated) {
    throw damaged(name, 'its checksum does not match');
  }
}
