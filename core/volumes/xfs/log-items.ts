import { Fields } from '../disk/index.ts';

/** Types of log items. Those left out change only what reading files never looks at. */
export const itemType = {
  inode: 0x123b,
  buffer: 0x123c,
  createInodes: 0x123f,
  mapIntent: 0x1244,
  mapDone: 0x1245,
  exchangeIntent: 0x1248,
  exchangeDone: 0x1249,
} as const;

export const bufferFlag = { inodes: 0x1, cancel: 0x2, quotas: 0x4 | 0x8 | 0x10 } as const;
const CHUNK = 128;

export interface BufferItem {
  readonly flags: number;
  /** Place and length on the volume, in blocks of 512 bytes. */
  readonly block: number;
  readonly blocks: number;
  /** What to write where: offset in the buffer, bytes. */
  readonly writes: readonly { readonly at: number; readonly bytes: Uint8Array }[];
}

/** A buffer item: a bitmap of changed 128-byte chunks, then one region for each row of set bits. */
export function parseBufferItem(regions: readonly Uint8Array[]): BufferItem {
  const format = new Fields(regions[0] ?? new Uint8Array(0), 'log buffer item');
  const flags = format.u16(4);
  const base = { flags, block: format.u64(8), blocks: format.u16(6) };
  if (flags & bufferFlag.cancel) return { ...base, writes: [] };
  const bits = Math.min(format.u32(16) * 32, (format.length - 20) * 8);
  const isSet = (bit: number): boolean => (format.u8(20 + (bit >> 3)) & (1 << (bit & 7))) !== 0;
  const writes: { at: number; bytes: Uint8Array }[] = [];
  let bit = 0;
  for (const region of regions.slice(1)) {
    while (bit < bits && !isSet(bit)) bit++;
    const first = bit;
    while (bit < bits && isSet(bit) && (bit - first) * CHUNK < region.length) bit++;
    const room = Math.max(0, base.blocks * 512 - first * CHUNK);
    writes.push({ at: first * CHUNK, bytes: region.subarray(0, Math.min(room, (bit - first) * CHUNK)) });
  }
  return { ...base, writes };
}

export interface InodeItem {
  readonly fields: number;
  readonly inode: number;
  /** Place of the buffer that holds the inode, in blocks of 512 bytes, and the inode's offset in it. */
  readonly block: number;
  readonly blocks: number;
  readonly offset: number;
  readonly device: number;
  /** The inode's core as the system that wrote it keeps it in memory (little-endian). */
  readonly core: Fields;
  readonly dataFork: Uint8Array | undefined;
}

export const inodeField = { localData: 0x2, extents: 0x4, root: 0x8, device: 0x10 } as const;

export function parseInodeItem(regions: readonly Uint8Array[]): InodeItem {
  const format = new Fields(regions[0] ?? new Uint8Array(0), 'log inode item');
  const fields = format.u32(4);
  const hasDataFork = (fields & (inodeField.localData | inodeField.extents | inodeField.root)) !== 0;
  return {
    fields,
    inode: format.u64(16),
    device: format.u32(24),
    block: format.u64(40),
    blocks: format.u32(48),
    offset: format.u32(52),
    core: new Fields(regions[1] ?? new Uint8Array(0), 'logged inode'),
    dataFork: hasDataFork ? regions[2] : undefined,
  };
}

/** Places of the core's fields that are wider than a byte, to be turned around: offset and width. */
const CORE_FIELDS: readonly (readonly [at: number, width: number])[] = [
  [0, 2],
  [2, 2],
  [6, 2],
  [8, 4],
  [12, 4],
  [16, 4],
  [20, 2],
  [22, 2],
  [56, 8],
  [64, 8],
  [72, 4],
  [84, 4],
  [88, 2],
  [90, 2],
  [92, 4],
];
const V3_FIELDS: readonly (readonly [at: number, width: number])[] = [
  [104, 8],
  [112, 8],
  [120, 8],
  [128, 4],
  [152, 8],
];
const TIMES = [32, 40, 48];

/** The core in the disk's byte order. `version` 3 has more fields; its flags fix the width of some. */
export function coreForDisk(core: Fields): Uint8Array {
  const out = Uint8Array.from(core.bytes);
  const v3 = core.u8(4) >= 3;
  const flags = v3 ? core.u32(120) : 0;
  const wideTimes = (flags & 0x8) !== 0;
  const wideCounts = (flags & 0x10) !== 0;
  for (const [at, width] of [...CORE_FIELDS, ...(v3 ? V3_FIELDS : [])]) turn(out, at, width);
  for (const at of v3 ? [...TIMES, 144] : TIMES)
    for (const part of wideTimes
      ? [[at, 8]]
      : [
          [at, 4],
          [at + 4, 4],
        ])
      turn(out, part[0] ?? 0, part[1] ?? 0);
  for (const [at, width] of wideCounts
    ? [
        [24, 8],
        [76, 4],
      ]
    : [
        [30, 2],
        [76, 4],
        [80, 2],
      ])
    turn(out, at ?? 0, width ?? 0);
  return out;
}

function turn(bytes: Uint8Array, at: number, width: number): void {
  bytes.subarray(at, at + width).reverse();
}

/** New inodes: group, block in the group, count, bytes of each. Written in the disk's byte order. */
export function parseCreateItem(regions: readonly Uint8Array[]): {
  group: number;
  block: number;
  blocks: number;
} {
  const format = new Fields(regions[0] ?? new Uint8Array(0), 'log create item', 'big');
  return { group: format.u32(4), block: format.u32(8), blocks: format.u32(20) };
}

/** The number that ties an intent to the item that says it was done. */
export function intentId(regions: readonly Uint8Array[]): bigint {
  return new Fields(regions[0] ?? new Uint8Array(0), 'log intent').big64(8);
}
