import { crc32c, type Fields } from '../disk/index.ts';

/** The journal's own feature flags and block types, from the kernel's documentation of jbd2. */
export const journalFeature = { bits64: 0x2, checksumV2: 0x8, checksumV3: 0x10, fastCommit: 0x20 } as const;
const KNOWN_FEATURES = 0x3f;
export const journalBlock = {
  descriptor: 1,
  commit: 2,
  superblockV1: 3,
  superblockV2: 4,
  revoke: 5,
} as const;
const MAGIC = 0xc03b3998;
/** Blocks that the ring of whole transactions has at least; the area of fast commits gives way to it. */
const LEAST_RING = 1024;

export interface JournalSuperblock {
  readonly blockSize: number;
  /** Blocks of the journal; the log proper is `first..end`. */
  readonly blocks: number;
  readonly first: number;
  readonly end: number;
  readonly sequence: number;
  /** Block where the log starts; 0 when nothing is to be replayed. */
  readonly start: number;
  readonly features: number;
  /** Seed of the checksums; undefined where the journal has none. */
  readonly checksumSeed: number | undefined;
}

/** Undefined when this is no journal superblock that can be made use of. */
export function parseJournalSuperblock(fields: Fields): JournalSuperblock | undefined {
  const type = fields.u32(4);
  const isSuperblock = type === journalBlock.superblockV1 || type === journalBlock.superblockV2;
  if (fields.u32(0) !== MAGIC || !isSuperblock) return undefined;
  const features = type === journalBlock.superblockV2 ? fields.u32(0x28) : 0;
  if (features & ~KNOWN_FEATURES) return undefined;
  const blocks = fields.u32(0x10);
  const wanted = features & journalFeature.fastCommit ? fields.u32(0x54) || 256 : 0;
  const fast = blocks - wanted >= LEAST_RING ? wanted : 0;
  const summed = features & (journalFeature.checksumV2 | journalFeature.checksumV3);
  return {
    blockSize: fields.u32(0xc),
    blocks,
    first: fields.u32(0x14),
    end: Math.max(0, blocks - fast),
    sequence: fields.u32(0x18),
    start: fields.u32(0x1c),
    features,
    checksumSeed: summed ? crc32c(0xffffffff, fields.slice(0x30, 16)) : undefined,
  };
}

/** The header that starts every block of the log but the copies of data. */
export function journalHeader(block: Fields): { type: number; sequence: number } | undefined {
  if (block.u32(0) !== MAGIC) return undefined;
  return { type: block.u32(4), sequence: block.u32(8) };
}

export interface JournalTag {
  /** Block on the volume that the next data block of the log belongs to. */
  readonly block: number;
  readonly escaped: boolean;
  readonly checksum: number;
}

/** The tags of a descriptor block, in the order of the data blocks that follow it. */
export function journalTags(descriptor: Fields, superblock: JournalSuperblock): JournalTag[] {
  const v3 = (superblock.features & journalFeature.checksumV3) !== 0;
  const wide = (superblock.features & journalFeature.bits64) !== 0;
  const v2 = (superblock.features & journalFeature.checksumV2) !== 0;
  const size = v3 ? 16 : 8 + (wide ? 4 : 0) + (v2 ? 2 : 0);
  const end = descriptor.length - (superblock.checksumSeed === undefined ? 0 : 4);
  const tags: JournalTag[] = [];
  for (let at = 12; at + size <= end; ) {
    const flags = v3 ? descriptor.u32(at + 4) : descriptor.u16(at + 6);
    const high = wide ? descriptor.u32(at + 8) : 0;
    tags.push({
      block: descriptor.u32(at) + high * 0x1_0000_0000,
      escaped: (flags & 1) !== 0,
      checksum: v3 ? descriptor.u32(at + 12) : descriptor.u16(at + 4),
    });
    at += size + (flags & 2 ? 0 : 16);
    if (flags & 8) break;
  }
  return tags;
}

/** The blocks that a revoke block names. */
export function revokedBlocks(block: Fields, superblock: JournalSuperblock): number[] {
  const wide = (superblock.features & journalFeature.bits64) !== 0;
  const size = wide ? 8 : 4;
  const end = Math.min(block.u32(12), block.length - (superblock.checksumSeed === undefined ? 0 : 4));
  const blocks: number[] = [];
  for (let at = 16; at + size <= end; at += size) blocks.push(wide ? block.u64(at) : block.u32(at));
  return blocks;
}

/** Descriptor and revoke blocks carry their checksum in their last four bytes. */
export function tailHolds(block: Fields, superblock: JournalSuperblock): boolean {
  if (superblock.checksumSeed === undefined) return true;
  return sumWithout(block, superblock.checksumSeed, block.length - 4) === block.u32(block.length - 4);
}

export function commitHolds(block: Fields, superblock: JournalSuperblock): boolean {
  if (superblock.checksumSeed === undefined) return true;
  return sumWithout(block, superblock.checksumSeed, 16) === block.u32(16);
}

/** Whether a data block is the one that its tag was written for. */
export function dataHolds(
  data: Uint8Array,
  tag: JournalTag,
  place: { superblock: JournalSuperblock; sequence: number },
): boolean {
  const seed = place.superblock.checksumSeed;
  if (seed === undefined) return true;
  const sequence = Buffer.alloc(4);
  sequence.writeUInt32BE(place.sequence);
  const crc = crc32c(crc32c(seed, sequence), data);
  const v3 = (place.superblock.features & journalFeature.checksumV3) !== 0;
  return v3 ? crc === tag.checksum : (crc & 0xffff) === tag.checksum;
}

function sumWithout(block: Fields, seed: number, at: number): number {
  const copy = Uint8Array.from(block.bytes);
  copy.fill(0, at, at + 4);
  return crc32c(seed, copy);
}
