import { ByteReader, ByteWriter, damaged } from './bytes.ts';
import { packIdFromBytes, packIdLength, packIdToBytes } from './names.ts';
import { decodeEntries, encodeEntries, type PackEntry, packKinds } from './pack.ts';

/** `docs/format.md`, section "Index": which blocks lie in which packs, so that writers find what is there. */
export interface IndexedPack {
  readonly packId: string;
  readonly entries: readonly PackEntry[];
}

export function encodeIndex(packs: readonly IndexedPack[]): Uint8Array {
  const chunks: Uint8Array[] = [new ByteWriter(4).u32(packs.length).bytes];
  for (const { packId, entries } of packs) {
    const head = new ByteWriter(packIdLength + 5);
    head.put(packIdToBytes(packId)).u8(packKinds.data).u32(entries.length);
    chunks.push(head.bytes, encodeEntries(entries));
  }
  return Buffer.concat(chunks);
}

export function decodeIndex(plain: Uint8Array, object: string): IndexedPack[] {
  const reader = new ByteReader(plain, object);
  const count = reader.u32();
  const packs: IndexedPack[] = [];
  for (let index = 0; index < count; index++) {
    const packId = packIdFromBytes(reader.take(packIdLength));
    if (reader.u8() !== packKinds.data) throw damaged(object, 'it names a pack of an unknown kind');
    packs.push({ packId, entries: decodeEntries(reader, reader.u32()) });
  }
  reader.expectEnd();
  return packs;
}
