import { damaged, Fields } from '../disk/index.ts';
import type { NodeTimes } from '../tree/index.ts';

export const forkFormat = { device: 0, local: 1, extents: 2, btree: 3 } as const;
export const xfsFlag = { realtime: 0x1, immutable: 0x8, appendOnly: 0x10 } as const;
const BIGTIME = 0x8;
const MANY_EXTENTS = 0x10;

/** One inode as it is on the disk. */
export interface XfsInode {
  readonly number: number;
  readonly mode: number;
  readonly format: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  readonly size: number;
  /** In file system blocks. */
  readonly blocks: number;
  readonly extents: number;
  readonly flags: number;
  readonly times: NodeTimes;
  /** The data fork: device number, inline content, extents or the root of their tree. */
  readonly fork: Fields;
}

export function parseXfsInode(number: number, raw: Fields): XfsInode {
  if (raw.u16(0) !== 0x494e) throw damaged(`inode ${number}`, 'its magic number is missing');
  const version = raw.u8(4);
  const flags2 = version >= 3 ? raw.u32(124) : 0;
  const time = flags2 & BIGTIME ? bigTime : plainTime;
  return {
    number,
    mode: raw.u16(2),
    format: raw.u8(5),
    uid: raw.u32(8),
    gid: raw.u32(12),
    links: version >= 2 ? raw.u32(16) : raw.u16(6),
    size: raw.u64(56),
    blocks: raw.u64(64),
    extents: flags2 & MANY_EXTENTS ? raw.u64(24) : raw.u32(76),
    flags: raw.u16(90),
    times: {
      accessed: time(raw, 32),
      modified: time(raw, 40),
      changed: time(raw, 48),
      created: version >= 3 ? time(raw, 144) : undefined,
    },
    fork: dataFork(raw, version),
  };
}

/** Byte offset of the forks within an inode of the given version. */
export function forkStart(version: number): number {
  return version >= 3 ? 176 : 100;
}

function dataFork(raw: Fields, version: number): Fields {
  const start = forkStart(version);
  const length = raw.u8(82) * 8 || raw.length - start;
  return new Fields(raw.slice(start, length), 'inode fork', 'big');
}

function plainTime(raw: Fields, at: number): bigint {
  return BigInt(raw.i32(at)) * 1_000_000_000n + BigInt(raw.u32(at + 4));
}

/** Nanoseconds since the smallest time of the older form. */
function bigTime(raw: Fields, at: number): bigint {
  return raw.big64(at) - 2_147_483_648n * 1_000_000_000n;
}
