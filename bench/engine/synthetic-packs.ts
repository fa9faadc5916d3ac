import { setImmediate } from 'node:timers/promises';
import { seal, tagLength } from '../../core/engine/crypto/aead.ts';
import { deriveKeys, type RepositoryKeys } from '../../core/engine/crypto/repository-keys.ts';
import type { BlockRef } from '../../core/engine/format/block-ref.ts';
import {
  attemptOfPack,
  numberOfPack,
  packIdFromName,
  packIdOf,
  packName,
} from '../../core/engine/format/names.ts';
import {
  blockAssociated,
  blockNonce,
  encodeFooter,
  footerEntryLength,
  type PackEntry,
  packHeader,
  packHeaderLength,
  packKinds,
  packTrailerLength,
  placeEntries,
} from '../../core/engine/format/pack.ts';
import type { BlobInfo, BlobStore, ByteRange } from '../../core/engine/index.ts';

/** What is needed to make a repository's data packs when somebody asks for them. */
export interface SyntheticPacks {
  readonly attempt: string;
  readonly dataKey: Uint8Array;
  readonly packs: number;
}

export const blockLength = 2 ** 20;
export const blocksInPack = 16;
const sealedLength = blockLength + tagLength;
const bodyEnd = packHeaderLength + blocksInPack * sealedLength;
const packSize = bodyEnd + blocksInPack * footerEntryLength + tagLength + packTrailerLength;

/** The blocks of one pack as a map or an index names them. */
export function refsOfPack(attempt: string, pack: number): BlockRef[] {
  return placeEntries(packIdOf(attempt, pack), entriesOf(pack));
}

function entriesOf(pack: number): PackEntry[] {
  return Array.from({ length: blocksInPack }, (_, slot) => ({
    id: idOf(pack * blocksInPack + slot),
    encoding: 0,
    length: sealedLength,
    plainLength: blockLength,
  }));
}

/** 32 bytes that no compressor makes smaller, from a number. */
function idOf(block: number): Buffer {
  const id = Buffer.allocUnsafe(32);
  let state = Math.imul(block + 1, 0x9e3779b1);
  for (let at = 0; at < 32; at += 4) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    id.writeInt32LE(mixed ^ (mixed >>> 14) ^ (at === 28 ? block : 0), at);
  }
  return id;
}

/** A store that has the data packs of one attempt without storing them; everything else is in `base`. */
export function withSyntheticPacks(base: BlobStore, synthetic: SyntheticPacks): BlobStore {
  const keys = deriveKeys(synthetic.dataKey);
  const deleted = new Uint8Array(synthetic.packs);
  const numberOf = (name: string): number | undefined => {
    const packId = packIdFromName(name);
    if (packId === undefined || attemptOfPack(packId) !== synthetic.attempt) return undefined;
    const number = numberOfPack(packId);
    return number < synthetic.packs && deleted[number] === 0 ? number : undefined;
  };
  const infoOf = (number: number): BlobInfo => ({
    name: packName(packIdOf(synthetic.attempt, number)),
    size: packSize,
    modifiedAt: new Date(0),
  });

  async function* list(prefix: string, signal?: AbortSignal): AsyncGenerator<BlobInfo> {
    const first = packName(packIdOf(synthetic.attempt, 0));
    let due = first.startsWith(prefix);
    function* made(): Generator<BlobInfo> {
      due = false;
      for (let number = 0; number < synthetic.packs; number++)
        if (deleted[number] === 0) yield infoOf(number);
    }
    for await (const info of base.list(prefix, signal)) {
      if (due && info.name > first) yield* made();
      yield info;
    }
    if (due) yield* made();
  }

  return {
    put: (name, body, signal) => base.put(name, body, signal),
    async get(name, range, signal) {
      const number = numberOf(name);
      if (number === undefined) return base.get(name, range, signal);
      // Every real store lets the event loop turn, without which nothing native is ever given back.
      await setImmediate();
      return bytesOf(keys, { attempt: synthetic.attempt, number }, range);
    },
    async head(name, signal) {
      const number = numberOf(name);
      return number === undefined ? base.head(name, signal) : infoOf(number);
    },
    list,
    async delete(name, signal) {
      const number = numberOf(name);
      if (number === undefined) await base.delete(name, signal);
      else deleted[number] = 1;
    },
  };
}

/** The end and the beginning are made alone, because that is what most readers ask for. */
function bytesOf(
  keys: RepositoryKeys,
  place: { readonly attempt: string; readonly number: number },
  range: ByteRange = { offset: 0, length: packSize },
): Uint8Array {
  const packId = packIdOf(place.attempt, place.number);
  const key = keys.packKeyOnce(packId);
  const entries = entriesOf(place.number);
  const footer = () => encodeFooter(entries, { packId, kind: packKinds.data, key, crcSoFar: 0 });
  const end = Math.min(packSize, range.offset + range.length);
  if (range.offset >= bodyEnd) return footer().subarray(range.offset - bodyEnd, end - bodyEnd);
  // Whoever asks for less than a block looks at a footer, and what comes with it of a block is never opened.
  if (end - range.offset < blockLength) return aroundFooter(footer(), range.offset, end);
  const bytes = Buffer.alloc(packSize);
  bytes.set(packHeader(packKinds.data));
  bytes.set(footer(), bodyEnd);
  for (const [slot, entry] of entries.entries()) {
    const at = packHeaderLength + slot * sealedLength;
    if (at >= end || at + sealedLength <= range.offset) continue;
    const context = { key, nonce: blockNonce(slot), associated: blockAssociated(entry) };
    bytes.set(Buffer.concat(seal(Buffer.alloc(blockLength, entry.id), context)), at);
  }
  return bytes.subarray(range.offset, end);
}

function aroundFooter(footer: Uint8Array, start: number, end: number): Uint8Array {
  const bytes = Buffer.alloc(end - start);
  bytes.set(packHeader(packKinds.data).subarray(start));
  if (end > bodyEnd) bytes.set(footer.subarray(0, end - bodyEnd), bodyEnd - start);
  return bytes;
}
