import { crc32c, type Fields } from '../disk/index.ts';
import type { ExtInode } from './inode.ts';
import type { ExtSuperblock } from './superblock.ts';

const TAIL = 12;
const TAIL_TYPE = 0xde;
const TREE_FLAG = 0x1000;

/** What the checksums of an inode and of its own blocks start from; undefined where the volume has none. */
export function inodeSeed(inode: ExtInode, superblock: ExtSuperblock): number | undefined {
  const { checksumSeed } = superblock;
  if (checksumSeed === undefined) return undefined;
  return crc32c(checksumSeed, new Uint8Array(new Uint32Array([inode.number, inode.generation]).buffer));
}

/** Whether a node of an inode's extent tree is as it was written. */
export function extentNodeHolds(node: Fields, seed: number): boolean {
  const end = 12 + node.u16(4) * 12;
  return end + 4 <= node.length && crc32c(seed, node.slice(0, end)) === node.u32(end);
}

/**
 * Whether a block of a directory is as it was written: one with entries, whose checksum stands in what looks
 * like its last entry, or one of the hash tree above them, whose checksum stands behind its places.
 */
export function directoryBlockHolds(
  block: Fields,
  { inode, seed, isFirst }: { inode: ExtInode; seed: number; isFirst: boolean },
): boolean {
  const isTree = (inode.flags & TREE_FLAG) !== 0 && (isFirst || fills(block, block.u16(4), 0));
  return isTree ? treeBlockHolds(block, seed) : entryBlockHolds(block, seed);
}

function entryBlockHolds(block: Fields, seed: number): boolean {
  const tail = block.length - TAIL;
  const isTail = block.u32(tail) === 0 && block.u16(tail + 4) === TAIL && block.u8(tail + 7) === TAIL_TYPE;
  return isTail && crc32c(seed, block.slice(0, tail)) === block.u32(tail + 8);
}

function treeBlockHolds(block: Fields, seed: number): boolean {
  const isRoot = block.u16(4) === 12 && fills(block, block.u16(16), 12);
  const places = isRoot ? 32 : 8;
  const tail = places + block.u16(places) * 8;
  const used = places + block.u16(places + 2) * 8;
  if (tail + 8 > block.length || used > tail) return false;
  const sum = crc32c(crc32c(seed, block.slice(0, used)), block.slice(tail, 4));
  return crc32c(sum, new Uint8Array(4)) === block.u32(tail + 4);
}

/** Whether an entry's length reaches from its place to the end of the block. */
function fills(block: Fields, length: number, at: number): boolean {
  const whole = block.length - at;
  return length === whole || (whole >= 65536 - 12 && (length === 0 || length === 65535));
}
