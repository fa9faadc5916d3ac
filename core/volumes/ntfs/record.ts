import { damaged, Fields } from '../disk/index.ts';

export const attributeType = {
  standardInformation: 0x10,
  attributeList: 0x20,
  fileName: 0x30,
  securityDescriptor: 0x50,
  volumeName: 0x60,
  volumeInformation: 0x70,
  data: 0x80,
  indexRoot: 0x90,
  indexAllocation: 0xa0,
  bitmap: 0xb0,
  reparsePoint: 0xc0,
} as const;

/** One attribute (or one piece of it) as it stands in one file record. */
export interface NtfsAttribute {
  readonly type: number;
  readonly name: string;
  readonly id: number;
  readonly compressed: boolean;
  readonly encrypted: boolean;
  readonly sparse: boolean;
  /** Set where the value is in the record itself. */
  readonly value: Fields | undefined;
  /** Set where the value is in clusters. */
  readonly mapping: NtfsMapping | undefined;
}

export interface NtfsMapping {
  /** First cluster of the value that this piece maps. */
  readonly firstCluster: number;
  readonly runs: Uint8Array;
  /** Clusters compressed together, as a power of two; 0 where not compressed. */
  readonly compressionUnit: number;
  readonly allocated: number;
  readonly size: number;
  readonly validSize: number;
}

export interface NtfsRecord {
  readonly number: number;
  readonly inUse: boolean;
  readonly isDirectory: boolean;
  /** The record that this one extends; 0 for a base record. */
  readonly base: number;
  readonly attributes: readonly NtfsAttribute[];
}

const SECTOR = 512;
const END = 0xffffffff;

/** A record number from a reference, whose upper 16 bits count reuses of the record. */
export function recordOf(fields: Fields, at: number): number {
  return fields.u32(at) + fields.u16(at + 4) * 0x1_0000_0000;
}

/**
 * Puts back the last two bytes of each sector, which hold a mark while on the disk. A mark that differs
 * means that the record was written only in part.
 */
export function withFixups(bytes: Uint8Array, magic: string): Fields {
  const own = new Uint8Array(bytes);
  const fields = new Fields(own, `${magic} record`);
  if (fields.ascii(0, 4) !== magic) throw damaged(`${magic} record`, 'its magic number is missing');
  const offset = fields.u16(4);
  const count = fields.u16(6);
  if (count < 1 || (count - 1) * SECTOR > own.length)
    throw damaged(`${magic} record`, 'its fixups are wrong');
  const mark = fields.u16(offset);
  for (let sector = 1; sector < count; sector++) {
    const at = sector * SECTOR - 2;
    if (fields.u16(at) !== mark) throw damaged(`${magic} record`, 'it was written only in part');
    own.set(fields.slice(offset + sector * 2, 2), at);
  }
  return fields;
}

export function parseRecord(number: number, bytes: Uint8Array): NtfsRecord {
  const fields = withFixups(bytes, 'FILE');
  const flags = fields.u16(22);
  const attributes: NtfsAttribute[] = [];
  const end = Math.min(fields.u32(24), fields.length);
  for (let at = fields.u16(20); at + 8 <= end && fields.u32(at) !== END; ) {
    const length = fields.u32(at + 4);
    if (length < 24 || length % 8 !== 0)
      throw damaged(`file record ${number}`, 'an attribute has an impossible length');
    attributes.push(parseAttribute(new Fields(fields.slice(at, length), `file record ${number}`)));
    at += length;
  }
  return {
    number,
    inUse: (flags & 1) !== 0,
    isDirectory: (flags & 2) !== 0,
    base: recordOf(fields, 32),
    attributes,
  };
}

function parseAttribute(fields: Fields): NtfsAttribute {
  const flags = fields.u16(12);
  const resident = fields.u8(8) === 0;
  const nameBytes = fields.slice(fields.u16(10), fields.u8(9) * 2);
  const name = nameBytes.length === 0 ? '' : Buffer.from(nameBytes).toString('utf16le');
  return {
    type: fields.u32(0),
    name,
    id: fields.u16(14),
    compressed: (flags & 0xff) !== 0,
    encrypted: (flags & 0x4000) !== 0,
    sparse: (flags & 0x8000) !== 0,
    value: resident ? new Fields(fields.slice(fields.u16(20), fields.u32(16)), fields.structure) : undefined,
    mapping: resident ? undefined : parseMapping(fields),
  };
}

function parseMapping(fields: Fields): NtfsMapping {
  const runs = fields.u16(32);
  const first = fields.u64(16);
  const later = first > 0;
  return {
    firstCluster: first,
    runs: fields.slice(runs, fields.length - runs),
    compressionUnit: fields.u8(34),
    allocated: later ? 0 : fields.u64(fields.u16(12) & 0x80ff && fields.u8(34) > 0 ? 64 : 40),
    size: later ? 0 : fields.u64(48),
    validSize: later ? 0 : fields.u64(56),
  };
}
