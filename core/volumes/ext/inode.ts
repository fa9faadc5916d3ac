import { Fields } from '../disk/index.ts';
import type { NodeKind, NodeTimes } from '../tree/index.ts';

export const inodeFlag = {
  compressed: 0x4,
  immutable: 0x10,
  appendOnly: 0x20,
  encrypted: 0x800,
  hugeFile: 0x40000,
  extents: 0x80000,
  verity: 0x100000,
  inlineData: 0x10000000,
  casefold: 0x40000000,
} as const;

/** One inode as it is on the disk. */
export interface ExtInode {
  readonly number: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly links: number;
  readonly flags: number;
  /** Bytes taken, in the inode's own counting. */
  readonly allocated: number;
  readonly generation: number;
  readonly times: NodeTimes;
  /** The 60 bytes that hold the block map, the extent tree's root, a short link or inline data. */
  readonly map: Fields;
  /** The whole on-disk inode, for the attributes behind its fields. */
  readonly raw: Fields;
}

const KINDS: Readonly<Record<number, NodeKind>> = {
  1: 'fifo',
  2: 'character-device',
  4: 'directory',
  6: 'block-device',
  8: 'file',
  10: 'symlink',
  12: 'socket',
};

/** The kind that the upper four bits of a Unix mode stand for. */
export function kindOfMode(mode: number): NodeKind {
  return KINDS[mode >> 12] ?? 'other';
}

const ENTRY_KINDS: readonly (NodeKind | undefined)[] = [
  undefined,
  'file',
  'directory',
  'character-device',
  'block-device',
  'fifo',
  'socket',
  'symlink',
];

/** The kind that a directory entry's type byte stands for (ext and XFS count alike). */
export function kindOfEntry(type: number): NodeKind | undefined {
  return ENTRY_KINDS[type];
}

export function parseInode(number: number, raw: Fields, blockSize: number): ExtInode {
  const flags = raw.u32(0x20);
  const unit = flags & inodeFlag.hugeFile ? blockSize : 512;
  return {
    number,
    mode: raw.u16(0),
    uid: raw.u16(2) + raw.u16(0x78) * 65536,
    gid: raw.u16(0x18) + raw.u16(0x7a) * 65536,
    size: new Fields(Buffer.concat([raw.slice(4, 4), raw.slice(0x6c, 4)]), 'inode size').u64(0),
    links: raw.u16(0x1a),
    flags,
    allocated: (raw.u32(0x1c) + raw.u16(0x74) * 0x1_0000_0000) * unit,
    generation: raw.u32(0x64),
    times: parseTimes(raw),
    map: new Fields(raw.slice(0x28, 60), 'inode map'),
    raw,
  };
}

/** Extra fields (nanoseconds, years after 2038) count only as far as the inode says it has them. */
function parseTimes(raw: Fields): NodeTimes {
  const extra = raw.length > 128 ? raw.u16(0x80) : 0;
  const has = (end: number): boolean => extra > 0 && end <= 128 + extra && end <= raw.length;
  return {
    accessed: time(raw, 0x8, has(0x90) ? 0x8c : 0),
    changed: time(raw, 0xc, has(0x88) ? 0x84 : 0),
    modified: time(raw, 0x10, has(0x8c) ? 0x88 : 0),
    created: has(0x98) ? time(raw, 0x90, 0x94) : undefined,
  };
}

function time(raw: Fields, at: number, extraAt: number): bigint {
  const extra = extraAt > 0 ? raw.u32(extraAt) : 0;
  const seconds = BigInt(raw.i32(at)) + (BigInt(extra & 3) << 32n);
  return seconds * 1_000_000_000n + BigInt(extra >>> 2);
}
