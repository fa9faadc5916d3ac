import type { ReadableDisk } from '../disk/index.ts';
import type { FileSystemKind } from '../tree/index.ts';
import { matchesFat } from './fat-boot-sector.ts';
import { Probe } from './probe.ts';

/** What a volume holds. Only file systems in `readable` have a reader; the rest is known by name. */
export type ContentKind =
  | FileSystemKind
  | 'ext'
  | 'fat'
  | 'lvm-member'
  | 'luks'
  | 'bitlocker'
  | 'raid-member'
  | 'btrfs'
  | 'refs'
  | 'storage-spaces'
  | 'dynamic-disk'
  | 'zfs'
  | 'f2fs'
  | 'apfs'
  | 'hfs'
  | 'iso9660'
  | 'udf'
  | 'squashfs'
  | 'erofs'
  | 'bcache'
  | 'swap'
  | 'empty'
  | 'unknown';

interface Signature {
  readonly kind: ContentKind;
  readonly matches: (probe: Probe) => boolean;
}

const text =
  (at: number, expected: string) =>
  (probe: Probe): boolean =>
    probe.has(at, Buffer.from(expected, 'latin1'));

const hex =
  (at: number, expected: string) =>
  (probe: Probe): boolean =>
    probe.has(at, Buffer.from(expected, 'hex'));

/** In this order: containers before what they contain, so that a member of a set is never read alone. */
const SIGNATURES: readonly Signature[] = [
  { kind: 'luks', matches: text(0, 'LUKS\xba\xbe') },
  { kind: 'raid-member', matches: (probe) => probe.hasRaidSuperblock() },
  { kind: 'lvm-member', matches: (probe) => [0, 512, 1024, 1536].some((at) => isLvmLabel(probe, at)) },
  { kind: 'bitlocker', matches: text(3, '-FVE-FS-') },
  { kind: 'bitlocker', matches: hex(0x1a8, '3bd66749292ed84a8399f6a339e3d001') },
  { kind: 'storage-spaces', matches: text(0, 'SPACEDB ') },
  { kind: 'bcache', matches: hex(4096 + 24, 'c68573f64e1a45ca8265f57f48ba6d81') },
  { kind: 'ntfs', matches: text(3, 'NTFS    ') },
  { kind: 'exfat', matches: text(3, 'EXFAT   ') },
  { kind: 'refs', matches: text(3, 'ReFS\0') },
  { kind: 'xfs', matches: text(0, 'XFSB') },
  { kind: 'squashfs', matches: text(0, 'hsqs') },
  { kind: 'apfs', matches: text(32, 'NXSB') },
  { kind: 'fat', matches: matchesFat },
  { kind: 'btrfs', matches: text(65536 + 64, '_BHRfS_M') },
  { kind: 'zfs', matches: (probe) => probe.hasZfsLabel() },
  { kind: 'ext', matches: hex(1024 + 0x38, '53ef') },
  { kind: 'f2fs', matches: hex(1024, '1020f5f2') },
  { kind: 'erofs', matches: hex(1024, 'e2e1f5e0') },
  { kind: 'hfs', matches: text(1024, 'H+') },
  { kind: 'hfs', matches: text(1024, 'HX') },
  { kind: 'hfs', matches: text(1024, 'BD') },
  { kind: 'swap', matches: (probe) => [4096, 8192, 16384, 65536].some((page) => isSwap(probe, page)) },
  { kind: 'udf', matches: text(32769, 'BEA01') },
  { kind: 'iso9660', matches: text(32769, 'CD001') },
];

/** Partition types whose content has no signature of its own. */
const PARTITION_TYPES: Readonly<Record<string, ContentKind>> = {
  'e75caf8f-f680-4cee-afa3-b001e56efc2d': 'storage-spaces',
  '5808c8aa-7e8f-42e0-85d2-e1e90434cfb3': 'dynamic-disk',
  'af9b60a0-1431-4f62-bc68-3311714a69ad': 'dynamic-disk',
  '0x42': 'dynamic-disk',
};

/** Names what a disk, partition or logical volume holds, from its signatures. */
export async function recognise(
  disk: ReadableDisk,
  partitionType: string,
  signal: AbortSignal,
): Promise<ContentKind> {
  const probe = await Probe.of(disk, signal);
  const byType = PARTITION_TYPES[partitionType];
  if (byType !== undefined) return byType;
  const signature = SIGNATURES.find((candidate) => candidate.matches(probe));
  return signature?.kind ?? (probe.isBlank() ? 'empty' : 'unknown');
}

/** True when the content starts with a boot sector, which a partition table's check could mistake. */
export function hasBootSector(kind: ContentKind): boolean {
  return ['ntfs', 'exfat', 'refs', 'fat', 'bitlocker'].includes(kind);
}

const SHOWN: Partial<Record<ContentKind, string>> = {
  'lvm-member': 'LVM physical volume',
  luks: 'LUKS encrypted volume',
  bitlocker: 'BitLocker encrypted volume',
  'raid-member': 'Linux software RAID member',
  btrfs: 'Btrfs file system',
  refs: 'ReFS file system',
  'storage-spaces': 'Storage Spaces member',
  'dynamic-disk': 'Windows dynamic disk',
  zfs: 'ZFS pool member',
  f2fs: 'F2FS file system',
  apfs: 'APFS container',
  hfs: 'HFS file system',
  iso9660: 'ISO 9660 file system',
  udf: 'UDF file system',
  squashfs: 'SquashFS file system',
  erofs: 'EROFS file system',
  bcache: 'bcache member',
  swap: 'Swap space',
  empty: 'Empty space',
  unknown: 'Unknown content',
};

/** The name shown to the operator. */
export function contentName(kind: ContentKind): string {
  return SHOWN[kind] ?? kind.toUpperCase();
}

function isLvmLabel(probe: Probe, at: number): boolean {
  return text(at, 'LABELONE')(probe) && text(at + 24, 'LVM2 001')(probe);
}

function isSwap(probe: Probe, page: number): boolean {
  return text(page - 10, 'SWAPSPACE2')(probe) || text(page - 10, 'SWAP-SPACE')(probe);
}
