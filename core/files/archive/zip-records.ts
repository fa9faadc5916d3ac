import type { ArchiveEntry } from './archive-writer.ts';
import { metadataFields, zip64Field } from './zip-extra-fields.ts';

/** Records of the zip format (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4). */

export const STORED = 0;
export const DEFLATED = 8;
const MADE_BY_UNIX = (3 << 8) | 63;
const UTF8_NAMES = 1 << 11;
const SIZES_FOLLOW = 1 << 3;
export const ONES_32 = 0xffff_ffff;
const ONES_16 = 0xffff;

const UNIX_TYPES: Readonly<Partial<Record<ArchiveEntry['kind'], number>>> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
};

/** What the central directory says of an entry. */
export interface ZipEntry {
  readonly entry: ArchiveEntry;
  /** A folder's ends with a slash. */
  readonly name: Uint8Array;
  readonly method: typeof STORED | typeof DEFLATED;
  /** Its sizes stand behind its data, because they were not known before. */
  readonly streamed: boolean;
  /** Its sizes behind the data have 64 bits. */
  readonly wide: boolean;
  readonly offset: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

export function localHeader(entry: ZipEntry): Buffer {
  const extra = Buffer.concat([
    entry.wide ? zip64Field([0, 0]) : Buffer.alloc(0),
    metadataFields(entry.entry),
  ]);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  commonFields(head, 4, entry);
  const known = entry.streamed ? { crc: 0, packed: 0, size: 0 } : entry;
  head.writeUInt32LE(known.crc, 14);
  head.writeUInt32LE(entry.wide ? ONES_32 : known.packed, 18);
  head.writeUInt32LE(entry.wide ? ONES_32 : known.size, 22);
  head.writeUInt16LE(entry.name.length, 26);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, entry.name, extra]);
}

export function dataDescriptor(entry: ZipEntry): Buffer {
  const record = Buffer.alloc(entry.wide ? 24 : 16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(entry.crc, 4);
  if (entry.wide) {
    record.writeBigUInt64LE(BigInt(entry.packed), 8);
    record.writeBigUInt64LE(BigInt(entry.size), 16);
  } else {
    record.writeUInt32LE(entry.packed, 8);
    record.writeUInt32LE(entry.size, 12);
  }
  return record;
}

export function centralHeader(entry: ZipEntry): Buffer {
  const { size, packed, offset } = entry;
  const extra = Buffer.concat([
    zip64Field([size, packed, offset].filter((value) => value >= ONES_32)),
    metadataFields(entry.entry),
  ]);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(MADE_BY_UNIX, 4);
  commonFields(head, 6, entry);
  head.writeUInt32LE(entry.crc, 16);
  head.writeUInt32LE(Math.min(packed, ONES_32), 20);
  head.writeUInt32LE(Math.min(size, ONES_32), 24);
  head.writeUInt16LE(entry.name.length, 28);
  head.writeUInt16LE(extra.length, 30);
  const { kind, mode } = entry.entry;
  const unix = (UNIX_TYPES[kind] ?? 0o100000) | mode;
  head.writeUInt32LE(unix * 0x10000 + (kind === 'directory' ? 0x10 : 0), 38);
  head.writeUInt32LE(Math.min(offset, ONES_32), 42);
  return Buffer.concat([head, entry.name, extra]);
}

export function endRecords(directory: { count: number; offset: number; length: number }): Buffer {
  const { count, offset, length } = directory;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, ONES_16), 8);
  end.writeUInt16LE(Math.min(count, ONES_16), 10);
  end.writeUInt32LE(Math.min(length, ONES_32), 12);
  end.writeUInt32LE(Math.min(offset, ONES_32), 16);
  const fits = count < ONES_16 && offset < ONES_32 && length < ONES_32;
  return fits ? end : Buffer.concat([zip64EndRecords(directory), end]);
}

function zip64EndRecords(directory: { count: number; offset: number; length: number }): Buffer {
  const end = Buffer.alloc(56);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(MADE_BY_UNIX, 12);
  end.writeUInt16LE(45, 14);
  end.writeBigUInt64LE(BigInt(directory.count), 24);
  end.writeBigUInt64LE(BigInt(directory.count), 32);
  end.writeBigUInt64LE(BigInt(directory.length), 40);
  end.writeBigUInt64LE(BigInt(directory.offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(directory.offset + directory.length), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end, locator]);
}

/** Version needed, flags, method, time and date: the same in both headers. */
function commonFields(head: Buffer, at: number, entry: ZipEntry): void {
  const wide = entry.wide || entry.offset >= ONES_32;
  head.writeUInt16LE(wide ? 45 : 20, at);
  head.writeUInt16LE(UTF8_NAMES | (entry.streamed ? SIZES_FOLLOW : 0), at + 2);
  head.writeUInt16LE(entry.method, at + 4);
  const { time, date } = dosTime(entry.entry.modified);
  head.writeUInt16LE(time, at + 6);
  head.writeUInt16LE(date, at + 8);
}

/** Two seconds exact and in no zone; given in UTC. The extra fields have the exact time. */
function dosTime(modified: bigint | undefined): { time: number; date: number } {
  const first = Date.UTC(1980, 0, 1);
  const last = Date.UTC(2107, 11, 31, 23, 59, 58);
  const wanted = Number((modified ?? 0n) / 1_000_000n);
  const at = new Date(Math.min(last, Math.max(first, wanted)));
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return { time, date };
}
