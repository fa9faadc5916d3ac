import { crc32c, damaged, Fields, notSupported, type ReadableDisk, uuidText } from '../disk/index.ts';

const KNOWN_INCOMPAT = 0xff;
const FTYPE_V4 = 0x200;
const DIRECTORIES_V2 = 0x2000;

/** Superblock of XFS versions 4 and 5, checked for sense. Field places from the kernel's xfs_format.h. */
export interface XfsSuperblock {
  readonly version: 4 | 5;
  readonly blockSize: number;
  readonly blocks: number;
  readonly rootInode: number;
  readonly groupBlocks: number;
  readonly groupBlockBits: number;
  readonly groups: number;
  readonly inodeSize: number;
  /** Bits of an inode number that count inodes within a block. */
  readonly inodeBits: number;
  readonly directoryBlockSize: number;
  readonly hasTypes: boolean;
  readonly needsRepair: boolean;
  readonly label: string;
  readonly uuid: string;
  /** The uuid that metadata carries, which stays when an administrator changes the other one. */
  readonly metaUuid: Uint8Array;
  /** Byte offset of the log on the volume; undefined when it is on another device. */
  readonly logStart: number | undefined;
  /** Blocks of 512 bytes. */
  readonly logSectors: number;
}

export async function readXfsSuperblock(disk: ReadableDisk, signal: AbortSignal): Promise<XfsSuperblock> {
  if (disk.size < 512) throw damaged('XFS superblock', 'the volume is too small');
  return parseXfsSuperblock(new Fields(await disk.read(0, 512, signal), 'XFS superblock', 'big'));
}

export function parseXfsSuperblock(fields: Fields): XfsSuperblock {
  const version = fields.u16(100) & 0xf;
  if (fields.ascii(0, 4) !== 'XFSB') throw damaged('XFS superblock', 'its magic number is missing');
  if (version !== 4 && version !== 5) throw notSupported(`XFS of version ${version}`);
  if (version === 4 && !(fields.u16(100) & DIRECTORIES_V2))
    throw notSupported('XFS with version 1 directories');
  const incompat = version === 5 ? fields.u32(216) : 0;
  if (incompat & ~KNOWN_INCOMPAT)
    throw notSupported(`An XFS volume with unknown features (0x${incompat.toString(16)})`);
  const superblock: XfsSuperblock = {
    version,
    blockSize: fields.u32(4),
    blocks: fields.u64(8),
    rootInode: fields.u64(56),
    groupBlocks: fields.u32(84),
    groupBlockBits: fields.u8(124),
    groups: fields.u32(88),
    inodeSize: fields.u16(104),
    inodeBits: fields.u8(123),
    directoryBlockSize: fields.u32(4) * 2 ** Math.min(fields.u8(192), 16),
    hasTypes: version === 5 ? (incompat & 1) !== 0 : (fields.u32(200) & FTYPE_V4) !== 0,
    needsRepair: (incompat & 0x10) !== 0,
    label: Buffer.from(fields.ascii(108, 12), 'latin1').toString('utf8'),
    uuid: uuidText(fields.slice(32, 16)),
    metaUuid: Uint8Array.from(incompat & 4 ? fields.slice(248, 16) : fields.slice(32, 16)),
    logStart: fields.big64(48) === 0n ? undefined : 0,
    logSectors: (fields.u32(96) * fields.u32(4)) / 512,
  };
  checkSense(superblock);
  if (superblock.logStart === undefined) return superblock;
  return { ...superblock, logStart: blockPlace(superblock, fields.u64(48)) };
}

function checkSense(superblock: XfsSuperblock): void {
  const { blockSize, inodeSize, groupBlocks, groupBlockBits, groups, inodeBits } = superblock;
  const sane =
    isPowerBetween(blockSize, 512, 65536) &&
    isPowerBetween(inodeSize, 256, 2048) &&
    inodeSize <= blockSize &&
    inodeSize * 2 ** inodeBits === blockSize &&
    groupBlocks > 0 &&
    groupBlocks <= 2 ** groupBlockBits &&
    groupBlockBits <= 31 &&
    groups > 0 &&
    superblock.blocks <= groups * groupBlocks &&
    superblock.directoryBlockSize <= 65536;
  if (!sane) throw damaged('XFS superblock', 'its sizes contradict each other');
}

function isPowerBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && (value & (value - 1)) === 0;
}

/** Byte offset of a block that is addressed by group and block within the group. */
export function blockPlace(superblock: XfsSuperblock, address: number): number {
  const span = 2 ** superblock.groupBlockBits;
  const group = Math.floor(address / span);
  const block = address % span;
  if (group >= superblock.groups || block >= superblock.groupBlocks)
    throw damaged('XFS layout', 'a block address is off the volume');
  return (group * superblock.groupBlocks + block) * superblock.blockSize;
}

/** Byte offset of an inode; undefined for a number that the volume cannot have. */
export function inodePlace(superblock: XfsSuperblock, inode: number): number | undefined {
  const perBlock = 2 ** superblock.inodeBits;
  const address = Math.floor(inode / perBlock);
  const span = 2 ** superblock.groupBlockBits;
  const outside = Math.floor(address / span) >= superblock.groups || address % span >= superblock.groupBlocks;
  if (!Number.isSafeInteger(inode) || inode <= 0 || outside) return undefined;
  return blockPlace(superblock, address) + (inode % perBlock) * superblock.inodeSize;
}

/** Whether the CRC in a version 5 structure (little-endian, at `at`) is right. */
export function xfsChecksumHolds(bytes: Uint8Array, at: number): boolean {
  const copy = new Uint8Array(bytes);
  copy.fill(0, at, at + 4);
  const stored = new Fields(bytes, 'checksum').u32(at);
  return (crc32c(0xffffffff, copy) ^ 0xffffffff) >>> 0 === stored;
}
