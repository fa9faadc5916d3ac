import { type BlockRef, blockIdLength } from './block-ref.ts';
import { ByteReader, ByteWriter, damaged } from './bytes.ts';
import { packIdFromBytes, packIdLength, packIdToBytes } from './names.ts';
import { maxBlocksInPack } from './pack.ts';

/**
 * `docs/format.md`, section "Block map". A tree with 32 children a node. A leaf's children are blocks, an
 * inner node's are nodes of the level below. What is absent reads as zeros.
 */
export const fanout = 32;
export const maxMapLevel = 9;
const entryLength = 20 + blockIdLength;

export interface MapNode {
  /** 0 is a leaf. */
  readonly level: number;
  /** `fanout` places, undefined where everything below is zero. */
  readonly children: readonly (BlockRef | undefined)[];
}

/** Blocks under one child of a node of this level. */
export function blocksPerChild(level: number): number {
  return fanout ** level;
}

/** Level of the root of a map that covers this many blocks. */
export function rootLevel(blockCount: number): number {
  let level = 0;
  while (blocksPerChild(level + 1) < blockCount) level++;
  return level;
}

export function encodeNode(node: MapNode): Buffer {
  const packs = [...new Set(node.children.flatMap((child) => (child === undefined ? [] : [child.pack])))];
  const count = node.children.filter((child) => child !== undefined).length;
  const writer = new ByteWriter(4 + packs.length * packIdLength + count * entryLength);
  writer.u8(node.level).u8(count).u8(packs.length).u8(0);
  for (const pack of packs) writer.put(packIdToBytes(pack));
  node.children.forEach((child, position) => {
    if (child === undefined) return;
    writer.u8(position).u8(packs.indexOf(child.pack)).u8(child.encoding).u8(0);
    writer.u32(child.slot).u32(child.offset).u32(child.length).u32(child.plainLength).put(child.id);
  });
  return writer.bytes;
}

export function decodeNode(plain: Uint8Array, level: number, object: string): MapNode {
  const reader = new ByteReader(plain, object);
  const storedLevel = reader.u8();
  const count = reader.u8();
  const packCount = reader.u8();
  if (storedLevel !== level || count > fanout || reader.u8() !== 0) {
    throw damaged(object, 'a map node in it is malformed');
  }
  const packs = Array.from({ length: packCount }, () => packIdFromBytes(reader.take(packIdLength)));
  const children: (BlockRef | undefined)[] = new Array(fanout).fill(undefined);
  for (let index = 0; index < count; index++) {
    const { position, ref } = readEntry(reader, packs, object);
    if (position >= fanout || children[position] !== undefined) {
      throw damaged(object, 'a map node in it repeats a place');
    }
    children[position] = ref;
  }
  reader.expectEnd();
  return { level, children };
}

function readEntry(
  reader: ByteReader,
  packs: readonly string[],
  object: string,
): { position: number; ref: BlockRef } {
  const position = reader.u8();
  const pack = packs[reader.u8()];
  const encoding = reader.u8();
  if (pack === undefined || reader.u8() !== 0) throw damaged(object, 'a map node in it is malformed');
  const [slot, offset, length, plainLength] = [reader.u32(), reader.u32(), reader.u32(), reader.u32()];
  if (slot > maxBlocksInPack) throw damaged(object, 'a map node in it names an impossible block');
  const id = reader.take(blockIdLength);
  return { position, ref: { id, pack, slot, offset, length, plainLength, encoding } };
}
