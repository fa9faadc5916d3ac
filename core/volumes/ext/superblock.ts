import { crc32c, damaged, Fields, notSupported, type ReadableDisk, uuidText } from '../disk/index.ts';

/** Incompatible features, from the kernel's documentation of ext4's disk layout. */
export const incompat = {
  compression: 0x1,
  filetype: 0x2,
  recover: 0x4,
  journalDevice: 0x8,
  metaGroups: 0x10,
  extents: 0x40,
  bits64: 0x80,
  checksumSeed: 0x2000,
  inlineData: 0x8000,
  encrypt: 0x10000,
  casefold: 0x20000,
} as const;

const KNOWN_INCOMPAT = 0x3f7de;
const COMPAT_JOURNAL = 0x4;
const RO_METADATA_CHECKSUMS = 0x400;
const STATE_CLEAN = 0x1;

/** The facts of an ext2/3/4 superblock that reading needs, checked for sense. */
export interface ExtSuperblock {
  readonly blockSize: number;
  readonly blocks: number;
  readonly inodes: number;
  readonly inodesPerGroup: number;
  readonly blocksPerGroup: number;
  readonly firstDataBlock: number;
  readonly inodeSize: number;
  readonly descriptorSize: number;
  readonly firstMetaGroup: number;
  readonly sparse: (group: number) => boolean;
  readonly incompat: number;
  readonly compat: number;
  readonly readOnlyCompat: number;
  readonly journalInode: number;
  readonly externalJournal: boolean;
  readonly label: string;
  readonly uuid: string;
  readonly cleanlyUnmounted: boolean;
  /** Seed of the metadata checksums; undefined where there are none. */
  readonly checksumSeed: number | undefined;
}

export async function readSuperblock(disk: ReadableDisk, signal: AbortSignal): Promise<ExtSuperblock> {
  if (disk.size < 2048) throw damaged('ext superblock', 'the volume is too small');
  return parseSuperblock(new Fields(await disk.read(1024, 1024, signal), 'ext superblock'));
}

export function parseSuperblock(fields: Fields): ExtSuperblock {
  if (fields.u16(0x38) !== 0xef53) throw damaged('ext superblock', 'its magic number is missing');
  const features = fields.u32(0x60);
  if (features & incompat.journalDevice) throw notSupported('An external ext journal');
  if (features & ~KNOWN_INCOMPAT & 0xffffffff)
    throw notSupported(`An ext4 volume with unknown features (0x${features.toString(16)})`);
  const dynamic = fields.u32(0x4c) > 0;
  const descriptor = features & incompat.bits64 ? fields.u16(0xfe) : 32;
  const superblock: ExtSuperblock = {
    blockSize: 1024 << Math.min(fields.u32(0x18), 20),
    blocks: fields.u32(0x4) + (features & incompat.bits64 ? fields.u32(0x150) * 0x1_0000_0000 : 0),
    inodes: fields.u32(0),
    inodesPerGroup: fields.u32(0x28),
    blocksPerGroup: fields.u32(0x20),
    firstDataBlock: fields.u32(0x14),
    inodeSize: dynamic ? fields.u16(0x58) : 128,
    descriptorSize: descriptor,
    firstMetaGroup: fields.u32(0x104),
    sparse: sparseRule(fields),
    incompat: features,
    compat: fields.u32(0x5c),
    readOnlyCompat: fields.u32(0x64),
    journalInode: fields.u32(0x5c) & COMPAT_JOURNAL ? fields.u32(0xe0) : 0,
    externalJournal: (fields.u32(0x5c) & COMPAT_JOURNAL) !== 0 && fields.u32(0xe4) !== 0,
    label: labelText(fields.slice(0x78, 16)),
    uuid: uuidText(fields.slice(0x68, 16)),
    cleanlyUnmounted: (fields.u16(0x3a) & STATE_CLEAN) !== 0,
    checksumSeed: checksumSeed(fields, features),
  };
  checkSense(superblock);
  return superblock;
}

/** ext4 with any of its own features, ext3 with a journal, else ext2. */
export function extKind(superblock: ExtSuperblock): 'ext2' | 'ext3' | 'ext4' {
  const ext4Incompat =
    incompat.extents | incompat.bits64 | 0x200 | incompat.inlineData | incompat.checksumSeed;
  if (superblock.incompat & ext4Incompat || superblock.readOnlyCompat & 0x478) return 'ext4';
  return superblock.journalInode > 0 || superblock.externalJournal ? 'ext3' : 'ext2';
}

function checkSense(superblock: ExtSuperblock): void {
  const { blockSize, inodeSize, inodesPerGroup, blocksPerGroup, descriptorSize } = superblock;
  const groups = Math.ceil(superblock.blocks / Math.max(1, blocksPerGroup));
  const sane =
    blockSize <= 65536 &&
    inodeSize >= 128 &&
    inodeSize <= blockSize &&
    (inodeSize & (inodeSize - 1)) === 0 &&
    inodesPerGroup > 0 &&
    inodesPerGroup <= blockSize * 8 &&
    blocksPerGroup > 0 &&
    descriptorSize >= 32 &&
    descriptorSize <= blockSize &&
    (descriptorSize & (descriptorSize - 1)) === 0 &&
    superblock.inodes <= groups * inodesPerGroup;
  if (!sane) throw damaged('ext superblock', 'its sizes contradict each other');
}

function sparseRule(fields: Fields): (group: number) => boolean {
  if (fields.u32(0x5c) & 0x200) {
    const backups = [fields.u32(0x24c), fields.u32(0x250)];
    return (group) => group === 0 || backups.includes(group);
  }
  if (!(fields.u32(0x64) & 0x1)) return () => true;
  return (group) => group <= 1 || isPower(group, 3) || isPower(group, 5) || isPower(group, 7);
}

function isPower(value: number, base: number): boolean {
  let power = base;
  while (power < value) power *= base;
  return power === value;
}

function checksumSeed(fields: Fields, features: number): number | undefined {
  if (!(fields.u32(0x64) & RO_METADATA_CHECKSUMS)) return undefined;
  return features & incompat.checksumSeed ? fields.u32(0x270) : crc32c(0xffffffff, fields.slice(0x68, 16));
}

function labelText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString('utf8');
}
