import { damaged, Fields, type ReadableDisk } from '../disk/index.ts';
import type { FindRun, Run } from '../tree/index.ts';
import { forkFormat, type XfsInode } from './inode.ts';
import { blockPlace, type XfsSuperblock, xfsChecksumHolds } from './superblock.ts';

/** Deeper trees than this cannot be on any volume. */
const MAX_LEVEL = 12;
const NO_BLOCK = 2 ** 52;
const NODE_CHECKSUM = 64;

interface Geometry {
  readonly disk: ReadableDisk;
  readonly superblock: XfsSuperblock;
  /** Whether checksums are those of what is on the disk. */
  readonly verify: boolean;
}

/** Sorted extent records, and the first block that they say nothing about. */
interface Records {
  readonly fields: Fields;
  readonly start: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** How to find the runs of an inode's data fork, which must be in extents or btree format. */
export function findXfsRunOf(inode: XfsInode, geometry: Geometry): FindRun {
  const { blockSize } = geometry.superblock;
  return async (position, signal) => {
    const block = Math.floor(position / blockSize);
    const records = await recordsFor({ inode, block }, geometry, signal);
    const run = runIn(records, block);
    return {
      start: run.start * blockSize,
      length: run.length * blockSize,
      at: run.at === undefined ? undefined : placeOf(geometry.superblock, run.at, run.length),
    };
  };
}

function placeOf(superblock: XfsSuperblock, address: number, length: number): number {
  const start = blockPlace(superblock, address);
  if (start + length * superblock.blockSize > superblock.blocks * superblock.blockSize)
    throw damaged('XFS layout', 'an extent is off the volume');
  return start;
}

async function recordsFor(
  { inode, block }: { inode: XfsInode; block: number },
  geometry: Geometry,
  signal: AbortSignal,
): Promise<Records> {
  const { fork } = inode;
  if (inode.format === forkFormat.extents) {
    const count = Math.min(inode.extents, Math.floor(fork.length / 16));
    return { fields: fork, start: 0, count, from: 0, to: NO_BLOCK };
  }
  if (inode.format !== forkFormat.btree) throw damaged(`inode ${inode.number}`, 'its content has no extents');
  const most = Math.floor((fork.length - 4) / 16);
  const root = { fields: fork, start: 4, most, level: fork.u16(0), count: fork.u16(2) };
  return descend({ root, block }, geometry, signal);
}

interface TreeNode {
  readonly fields: Fields;
  /** Where keys or records start. */
  readonly start: number;
  /** Keys that would fit, which fixes where the pointers start. */
  readonly most: number;
  readonly level: number;
  readonly count: number;
}

/** Down to the leaf that would hold `block`; each step must go down exactly one level. */
async function descend(
  { root, block }: { root: TreeNode; block: number },
  { disk, superblock, verify }: Geometry,
  signal: AbortSignal,
): Promise<Records> {
  if (root.level > MAX_LEVEL || root.level < 1) throw damaged('extent tree', 'it has an impossible depth');
  let node = root;
  let from = 0;
  let to = NO_BLOCK;
  while (node.level > 0) {
    const { fields } = node;
    const count = Math.min(node.count, node.most);
    const index = lastAtOrBefore(count, (at) => fields.u64(node.start + at * 8) <= block);
    if (index < 0) return { fields, start: 0, count: 0, from, to: fields.u64(node.start) };
    from = fields.u64(node.start + index * 8);
    if (index + 1 < count) to = Math.min(to, fields.u64(node.start + (index + 1) * 8));
    const child = blockPlace(superblock, fields.u64(node.start + node.most * 8 + index * 8));
    const bytes = await disk.read(child, superblock.blockSize, signal);
    if (verify && superblock.version === 5 && !xfsChecksumHolds(bytes, NODE_CHECKSUM))
      throw damaged('extent tree', 'the checksum of a node does not match');
    node = readNode(bytes, node.level - 1, superblock);
  }
  const fits = Math.floor((node.fields.length - node.start) / 16);
  return { fields: node.fields, start: node.start, count: Math.min(node.count, fits), from, to };
}

function readNode(bytes: Uint8Array, level: number, superblock: XfsSuperblock): TreeNode {
  const fields = new Fields(bytes, 'extent tree', 'big');
  const v5 = superblock.version === 5;
  if (fields.ascii(0, 4) !== (v5 ? 'BMA3' : 'BMAP') || fields.u16(4) !== level)
    throw damaged('extent tree', 'a node is not where it should be');
  const start = v5 ? 72 : 24;
  return { fields, start, most: Math.floor((bytes.length - start) / 16), level, count: fields.u16(6) };
}

function lastAtOrBefore(count: number, isAtOrBefore: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAtOrBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function runIn(records: Records, block: number): Run {
  const extentAt = (index: number): Extent => parseExtent(records.fields, records.start + index * 16);
  const index = lastAtOrBefore(records.count, (at) => extentAt(at).first <= block);
  const next = index + 1 < records.count ? extentAt(index + 1).first : records.to;
  const extent = index < 0 ? undefined : extentAt(index);
  const end = extent === undefined ? records.from : extent.first + extent.length;
  if (extent === undefined || block >= end) {
    const start = Math.min(end, block);
    return { start, length: Math.max(next, block + 1) - start, at: undefined };
  }
  return { start: extent.first, length: extent.length, at: extent.unwritten ? undefined : extent.address };
}

interface Extent {
  readonly first: number;
  readonly address: number;
  readonly length: number;
  readonly unwritten: boolean;
}

/** 1 bit unwritten, 54 bits file block, 52 bits address, 21 bits length. */
function parseExtent(fields: Fields, at: number): Extent {
  const [a, b, c, d] = [fields.u32(at), fields.u32(at + 4), fields.u32(at + 8), fields.u32(at + 12)];
  return {
    unwritten: a >= 0x8000_0000,
    first: (a & 0x7fff_ffff) * 2 ** 23 + (b >>> 9),
    address: (b & 0x1ff) * 2 ** 43 + c * 2 ** 11 + (d >>> 21),
    length: d & 0x1f_ffff,
  };
}
