import { ByteReader, ByteWriter, damaged } from './bytes.ts';
import { packIdFromBytes, packIdLength, packIdToBytes } from './names.ts';
import { encodeEntries, footerEntryLength, maxBlocksInPack, type PackEntry, packKinds } from './pack.ts';

/** `docs/format.md`, section "Index": which blocks lie in which packs, so that writers find what is there. */
export interface IndexedPack {
  readonly packId: string;
  readonly entries: readonly PackEntry[];
}

export function encodeIndex(packs: readonly IndexedPack[]): Uint8Array {
  return joinIndexRecords(
    packs.map(({ packId, entries }) => ({
      packId,
      blockCount: entries.length,
      entries: encodeEntries(entries),
    })),
  );
}

/** One pack in an index object, its entries as they are stored: views of the object's memory, nothing copied. */
export interface IndexRecord {
  readonly packId: string;
  readonly blockCount: number;
  /** `blockCount` footer entries. */
  readonly entries: Uint8Array;
}

/** The packs of an index object, one after another. `damaged` where it stops making sense. */
export function* readIndexRecords(plain: Uint8Array, object: string): Generator<IndexRecord> {
  const reader = new ByteReader(plain, object);
  const count = reader.u32();
  for (let index = 0; index < count; index++) {
    const packId = packIdFromBytes(reader.take(packIdLength));
    if (reader.u8() !== packKinds.data) throw damaged(object, 'it names a pack of an unknown kind');
    const blockCount = reader.u32();
    if (blockCount > maxBlocksInPack) throw damaged(object, 'it names a pack of impossible length');
    yield { packId, blockCount, entries: reader.take(blockCount * footerEntryLength) };
  }
  reader.expectEnd();
}

export function joinIndexRecords(records: readonly IndexRecord[]): Uint8Array {
  const chunks: Uint8Array[] = [new ByteWriter(4).u32(records.length).bytes];
  for (const record of records) chunks.push(recordHead(record.packId, record.blockCount), record.entries);
  return Buffer.concat(chunks);
}

function recordHead(packId: string, blockCount: number): Uint8Array {
  const head = new ByteWriter(packIdLength + 5);
  return head.put(packIdToBytes(packId)).u8(packKinds.data).u32(blockCount).bytes;
}
