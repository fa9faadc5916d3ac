import type { BlockRef } from './block-ref.ts';
import { ByteReader, ByteWriter, damaged } from './bytes.ts';
import { packIdFromBytes, packIdLength, packIdToBytes, prefixes } from './names.ts';
import { maxBlocksInPack } from './pack.ts';

/**
 * `docs/format.md`, section "Moved blocks": where blocks of a pack are now, after compaction took them out of
 * it or a backup stored them again because they were damaged. Maps are never rewritten for that.
 */
export interface MovedBlock {
  /** Its slot in the old pack. */
  readonly slot: number;
  readonly to: Pick<BlockRef, 'pack' | 'slot' | 'offset' | 'length' | 'encoding'>;
}

const entryLength = packIdLength + 17;

export function movedPrefix(packId: string): string {
  return `${prefixes.moved}${packId.replace('/', '-')}/`;
}

const namePattern = /^moved\/([0-9a-f]{32})-([0-9a-f]{8})\/[0-9a-f]{32}$/;

/** The pack whose blocks a `moved/` object is about. */
export function packOfMovedName(name: string): string | undefined {
  const match = namePattern.exec(name);
  return match === null ? undefined : `${match[1]}/${match[2]}`;
}

export function encodeMoved(blocks: readonly MovedBlock[]): Uint8Array {
  const writer = new ByteWriter(4 + blocks.length * entryLength).u32(blocks.length);
  for (const { slot, to } of blocks) {
    writer.u32(slot).put(packIdToBytes(to.pack)).u32(to.slot).u32(to.offset).u32(to.length).u8(to.encoding);
  }
  return writer.bytes;
}

export function decodeMoved(plain: Uint8Array, object: string): MovedBlock[] {
  const reader = new ByteReader(plain, object);
  const count = reader.u32();
  const blocks: MovedBlock[] = [];
  for (let index = 0; index < count; index++) {
    const slot = reader.u32();
    const pack = packIdFromBytes(reader.take(packIdLength));
    const [toSlot, offset, length, encoding] = [reader.u32(), reader.u32(), reader.u32(), reader.u8()];
    if (toSlot > maxBlocksInPack) throw damaged(object, 'it names an impossible block');
    blocks.push({ slot, to: { pack, slot: toSlot, offset, length, encoding } });
  }
  reader.expectEnd();
  return blocks;
}
