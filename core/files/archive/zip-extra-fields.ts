import type { ArchiveEntry } from './archive-writer.ts';

/** Extra fields of a zip entry (APPNOTE 4.5 and 4.6): each is its id, its length, its bytes. */
function extraField(id: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(body.length, 2);
  return Buffer.concat([head, body]);
}

const TO_1601 = 11_644_473_600n * 10_000_000n;
const LARGEST_32 = 0xffff_ffff;

/** Times and owner: Info-ZIP's extended timestamp, NTFS times of 100 ns, Info-ZIP's Unix ids. */
export function metadataFields(entry: ArchiveEntry): Buffer {
  return Buffer.concat([...timeFields(entry.modified), ...ownerFields(entry.owner)]);
}

function timeFields(modified: bigint | undefined): Buffer[] {
  if (modified === undefined) return [];
  const fields: Buffer[] = [];
  const seconds = Number(
    (modified - (((modified % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n,
  );
  if (seconds >= -0x8000_0000 && seconds <= 0x7fff_ffff) {
    const body = Buffer.alloc(5);
    body.writeUInt8(1, 0);
    body.writeInt32LE(seconds, 1);
    fields.push(extraField(0x5455, body));
  }
  const ticks = modified / 100n + TO_1601;
  if (ticks > 0n && ticks < 1n << 63n) {
    const body = Buffer.alloc(32);
    body.writeUInt16LE(1, 4);
    body.writeUInt16LE(24, 6);
    for (const at of [8, 16, 24]) body.writeBigUInt64LE(ticks, at);
    fields.push(extraField(0x000a, body));
  }
  return fields;
}

function ownerFields(owner: ArchiveEntry['owner']): Buffer[] {
  if (owner === null || [owner.uid, owner.gid].some((id) => id < 0 || id > LARGEST_32)) return [];
  const body = Buffer.alloc(11);
  body.writeUInt8(1, 0);
  body.writeUInt8(4, 1);
  body.writeUInt32LE(owner.uid, 2);
  body.writeUInt8(4, 6);
  body.writeUInt32LE(owner.gid, 7);
  return [extraField(0x7875, body)];
}

/** The 64-bit values that stand in for fields of 32 bits that are all ones, in their order. */
export function zip64Field(values: readonly number[]): Buffer {
  if (values.length === 0) return Buffer.alloc(0);
  const body = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) body.writeBigUInt64LE(BigInt(value), 8 * index);
  return extraField(0x0001, body);
}
