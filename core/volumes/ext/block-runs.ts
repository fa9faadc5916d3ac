import { damaged, Fields, type ReadableDisk } from '../disk/index.ts';
import type { FindRun, Run } from '../tree/index.ts';
import { extentNodeHolds, inodeSeed } from './checksums.ts';
import { type ExtInode, inodeFlag } from './inode.ts';
import type { ExtSuperblock } from './superblock.ts';

/** Beyond the last block that a file can have. */
const NO_BLOCK = 2 ** 32;

interface Geometry {
  readonly disk: ReadableDisk;
  readonly superblock: ExtSuperblock;
}

interface Wanted {
  readonly inode: ExtInode;
  /** Block of the content. */
  readonly block: number;
}

/** How to find the runs of an inode's content: by its extent tree or by its indirect blocks. */
export function findRunOf(inode: ExtInode, geometry: Geometry): FindRun {
  const find = inode.flags & inodeFlag.extents ? findInExtents : findInMap;
  const { blockSize, blocks } = geometry.superblock;
  return async (position, signal) => {
    const run = await find({ inode, block: Math.floor(position / blockSize) }, geometry, signal);
    if (run.at !== undefined && (run.at < 1 || run.at + run.length > blocks))
      throw damaged('file layout', 'its blocks are off the volume');
    return {
      start: run.start * blockSize,
      length: run.length * blockSize,
      at: run.at === undefined ? undefined : run.at * blockSize,
    };
  };
}

/** Walks down the extent tree to `block`. All in blocks. A level below another must have a smaller depth. */
async function findInExtents(
  { inode, block }: Wanted,
  { disk, superblock }: Geometry,
  signal: AbortSignal,
): Promise<Run> {
  let node = inode.map;
  let from = 0;
  let to = NO_BLOCK;
  let depth = extentDepth(node, 5);
  const seed = inodeSeed(inode, superblock);
  for (;;) {
    const count = Math.min(node.u16(2), Math.floor((node.length - 12) / 12));
    const index = lastAtOrBefore(node, count, block);
    const next = index + 1 < count ? node.u32(12 + (index + 1) * 12) : to;
    const at = 12 + index * 12;
    if (index < 0) return { start: from, length: Math.max(1, next - from), at: undefined };
    if (depth === 0) return extentRun(node, { at, block, next: Math.min(next, to) });
    from = Math.max(from, node.u32(at));
    to = Math.min(next, to);
    const child = node.u32(at + 4) + node.u16(at + 8) * 0x1_0000_0000;
    const bytes = await disk.read(child * superblock.blockSize, superblock.blockSize, signal);
    node = new Fields(bytes, 'extent tree');
    depth = extentDepth(node, depth - 1);
    if (seed !== undefined && !extentNodeHolds(node, seed))
      throw damaged('extent tree', 'the checksum of a node does not match');
  }
}

function extentDepth(node: Fields, most: number): number {
  const depth = node.u16(6);
  if (node.u16(0) !== 0xf30a || depth > most)
    throw damaged('extent tree', 'a node is not where it should be');
  return depth;
}

/** Index of the last of the sorted entries that starts at or before `block`; -1 when all start later. */
function lastAtOrBefore(node: Fields, count: number, block: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (node.u32(12 + middle * 12) <= block) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The extent's run, or the hole behind it. Extents that were allocated but never written are holes. */
function extentRun(node: Fields, place: { at: number; block: number; next: number }): Run {
  const first = node.u32(place.at);
  const raw = node.u16(place.at + 4);
  const unwritten = raw > 32768;
  const length = unwritten ? raw - 32768 : raw;
  const end = first + length;
  if (place.block >= end) return { start: end, length: Math.max(1, place.next - end), at: undefined };
  const physical = node.u32(place.at + 8) + node.u16(place.at + 6) * 0x1_0000_0000;
  return { start: first, length, at: unwritten ? undefined : physical };
}

/** The block map of ext2/3: 12 direct blocks, then one, two and three levels of indirect blocks. */
async function findInMap(
  { inode, block }: Wanted,
  { disk, superblock }: Geometry,
  signal: AbortSignal,
): Promise<Run> {
  const perBlock = superblock.blockSize / 4;
  if (block < 12) return runInTable(inode.map, { index: block, count: 12, base: 0 });
  let rest = block - 12;
  let level = 1;
  let span = perBlock;
  while (rest >= span) {
    rest -= span;
    span *= perBlock;
    level++;
    if (level > 3) throw damaged('block map', 'a file is longer than its map can hold');
  }
  let pointer = inode.map.u32((11 + level) * 4);
  let start = block - rest;
  for (; level > 0; level--) {
    if (pointer === 0) return { start, length: span, at: undefined };
    const table = new Fields(
      await disk.read(pointer * superblock.blockSize, superblock.blockSize, signal),
      'block map',
    );
    span /= perBlock;
    const index = Math.floor(rest / span);
    if (level === 1) return runInTable(table, { index, count: perBlock, base: start });
    pointer = table.u32(index * 4);
    start += index * span;
    rest %= span;
  }
  throw damaged('block map', 'it does not end');
}

/** The longest run around nothing but forward of `index` whose blocks follow each other (or are all holes). */
function runInTable(table: Fields, place: { index: number; count: number; base: number }): Run {
  const first = table.u32(place.index * 4);
  let length = 1;
  while (place.index + length < place.count) {
    const next = table.u32((place.index + length) * 4);
    if (next !== (first === 0 ? 0 : first + length)) break;
    length++;
  }
  return { start: place.base + place.index, length, at: first === 0 ? undefined : first };
}
