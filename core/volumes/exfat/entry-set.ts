import { damaged, type Fields } from '../disk/index.ts';
import { fatTime } from '../fat/index.ts';
import { type FileName, fileNameFromUtf16, type NodeTimes } from '../tree/index.ts';

export const entryType = { label: 0x83, file: 0x85, stream: 0xc0, name: 0xc1 } as const;
export const ENTRY = 32;
export const DIRECTORY_BIT = 0x10;

/** A file or directory: the entry of type file and those that follow it. */
export interface ExfatNode {
  readonly name: FileName;
  readonly attributes: number;
  readonly times: NodeTimes;
  readonly firstCluster: number;
  /** True when its clusters follow each other and the allocation table says nothing of them. */
  readonly contiguous: boolean;
  readonly size: number;
  readonly validSize: number;
}

/** Entries of a set, the first one included. */
export function setLength(file: Fields): number {
  return 1 + file.u8(1);
}

export function parseEntrySet(set: Fields): ExfatNode {
  const stream = ENTRY;
  if (set.u8(0) !== entryType.file || set.length < 3 * ENTRY || set.u8(stream) !== entryType.stream)
    throw damaged('directory', 'an entry lacks its parts');
  return {
    name: fileNameFromUtf16(nameOf(set, set.u8(stream + 3))),
    attributes: set.u16(4),
    times: {
      created: exfatTime(set, { at: 8, hundredths: 20, offset: 22 }),
      modified: exfatTime(set, { at: 12, hundredths: 21, offset: 23 }),
      accessed: exfatTime(set, { at: 16, hundredths: undefined, offset: 24 }),
      changed: undefined,
    },
    firstCluster: set.u32(stream + 20),
    contiguous: (set.u8(stream + 1) & 2) !== 0,
    size: set.u64(stream + 24),
    validSize: set.u64(stream + 8),
  };
}

function nameOf(set: Fields, length: number): string {
  const parts: Uint8Array[] = [];
  for (let at = 2 * ENTRY; at + ENTRY <= set.length && set.u8(at) === entryType.name; at += ENTRY)
    parts.push(set.slice(at + 2, 30));
  return Buffer.concat(parts)
    .subarray(0, length * 2)
    .toString('utf16le');
}

/** Times carry their distance to UTC in quarters of an hour, where the system knew it. */
function exfatTime(
  set: Fields,
  places: { at: number; hundredths: number | undefined; offset: number },
): bigint | undefined {
  const fine = places.hundredths === undefined ? 0 : set.u8(places.hundredths);
  const local = fatTime(set.u16(places.at + 2), set.u16(places.at), fine);
  const code = set.u8(places.offset);
  if (local === undefined || !(code & 0x80)) return local;
  const quarters = code & 0x40 ? (code & 0x7f) - 128 : code & 0x7f;
  return local - BigInt(quarters * 900) * 1_000_000_000n;
}
