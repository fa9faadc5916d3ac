import type { BlobInfo, BlobStore } from '../blob-store.ts';
import { ByteReader, damaged } from '../format/bytes.ts';
import { decodeCheckedText } from '../format/checked-text.ts';
import { decodeHeader } from '../format/header.ts';
import { decodeSlot } from '../format/key-slot.ts';
import { type NamedKind, packIdFromName } from '../format/names.ts';
import {
  decodeHeader as decodePackHeader,
  decodeTrailer,
  isMapPack,
  packHeaderLength,
  packKinds,
  packTrailerLength,
} from '../format/pack.ts';
import {
  checksumLength,
  checksumStart,
  decodeSealedHeader,
  leastSealedLength,
  objectKinds,
} from '../format/sealed-object.ts';
import { decodeWriter } from '../format/writer-record.ts';
import { decodeOwner } from '../repository/owner.ts';
import { crcInPieces, readRange } from './read-in-pieces.ts';

/** Longer texts than this are not Cairn's. */
const longestText = 64 * 1024;

export interface OutsideLook {
  readonly bytesRead: number;
  /** The object has a checksum that needs no key, or (a pack) an end that vouches for name and length. */
  readonly vouched: boolean;
  /** Of a key slot: the repository it belongs to. */
  readonly repository?: string;
}

export interface OutsideJob {
  readonly info: BlobInfo;
  readonly kind: NamedKind;
  /** Reads packs whole and compares their checksums. */
  readonly deep: boolean;
}

/** What one object shows to somebody without the key. `damaged` when it is not what its name says. */
export async function lookFromOutside(
  store: BlobStore,
  job: OutsideJob,
  signal?: AbortSignal,
): Promise<OutsideLook> {
  switch (job.kind) {
    case 'header':
    case 'slot':
    case 'owner':
    case 'writer':
      return lookAtText(store, { ...job, kind: job.kind }, signal);
    case 'pack':
      return lookAtPack(store, job, signal);
    default:
      return lookAtSealed(store, { ...job, kind: job.kind }, signal);
  }
}

type TextKind = 'header' | 'slot' | 'owner' | 'writer';

async function lookAtText(
  store: BlobStore,
  { info, kind }: { readonly info: BlobInfo; readonly kind: TextKind },
  signal?: AbortSignal,
): Promise<OutsideLook> {
  const { name, size } = info;
  if (size > longestText) throw damaged(name, 'it is too long');
  const bytes = await store.get(name, undefined, signal);
  const look = { bytesRead: bytes.length, vouched: true };
  if (kind === 'slot') return { ...look, repository: decodeSlot(bytes, name).repository };
  if (kind === 'header') decodeHeader(bytes);
  else if (kind === 'writer') decodeWriter(bytes, name);
  else decodeOwner(name, decodeCheckedText(bytes, name).json);
  return look;
}

async function lookAtPack(
  store: BlobStore,
  { info, deep }: OutsideJob,
  signal?: AbortSignal,
): Promise<OutsideLook> {
  const { name, size } = info;
  const packId = packIdFromName(name) ?? '';
  if (size < packHeaderLength + packTrailerLength) throw damaged(name, 'it is shorter than any pack');
  const header = await readRange(store, { name, offset: 0, length: packHeaderLength }, signal);
  if ((decodePackHeader(header, name) === packKinds.map) !== isMapPack(packId)) {
    throw damaged(name, 'its kind is not what its name says');
  }
  const end = { name, offset: size - packTrailerLength, length: packTrailerLength };
  const trailer = decodeTrailer(await readRange(store, end, signal), { packId, size });
  if (!deep) return { bytesRead: packHeaderLength + packTrailerLength, vouched: !trailer.older };
  // The trailer's last eight bytes are the checksum itself and the end.
  const crc = await crcInPieces(store, { name, length: size - 8, start: 0 }, signal);
  if (crc !== trailer.crc) throw damaged(name, 'its checksum does not match');
  return { bytesRead: size, vouched: !trailer.older };
}

type SealedKind = Exclude<NamedKind, TextKind | 'pack'>;

const kindsByName: Readonly<Record<SealedKind, readonly number[]>> = {
  point: [objectKinds.manifest, objectKinds.fence],
  index: [objectKinds.index],
  condemned: [objectKinds.condemned],
  waits: [objectKinds.waits],
  moved: [objectKinds.moved],
  suspects: [objectKinds.suspects],
};

async function lookAtSealed(
  store: BlobStore,
  { info, kind }: { readonly info: BlobInfo; readonly kind: SealedKind },
  signal?: AbortSignal,
): Promise<OutsideLook> {
  const { name, size } = info;
  if (size < leastSealedLength) throw damaged(name, 'it is shorter than any sealed object');
  const header = decodeSealedHeader(name, await readRange(store, { name, offset: 0, length: 8 }, signal));
  if (!kindsByName[kind].includes(header.kind)) throw damaged(name, 'its kind is not what its name says');
  if (!header.hasChecksum) return { bytesRead: 8, vouched: false };
  const length = size - checksumLength;
  const crc = await crcInPieces(store, { name, length, start: checksumStart(name) }, signal);
  const stated = await readRange(store, { name, offset: length, length: checksumLength }, signal);
  if (new ByteReader(stated, name).u32() !== crc) throw damaged(name, 'its checksum does not match');
  return { bytesRead: size, vouched: true };
}
