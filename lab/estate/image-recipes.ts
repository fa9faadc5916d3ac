import type { FileSystemKind } from './file-systems.ts';
import type { TreeKind } from './file-tree.ts';

/** A file system of a recipe; sizes in MiB, starts counted from the begin of the disk. */
export interface VolumeRecipe {
  readonly kind: FileSystemKind;
  readonly label: string;
  readonly tree?: { readonly kind: TreeKind; readonly mebibytes: number };
}

export interface PartitionRecipe {
  readonly startMib: number;
  readonly sizeMib: number;
  /** GPT type GUID, or the MBR's two hex digits. */
  readonly type: string;
  readonly name?: string;
  readonly volume?: VolumeRecipe;
  /** Logical volumes of a physical volume that fills the partition; extents of 4 MiB. */
  readonly group?: { readonly name: string; readonly volumes: readonly LogicalVolumeRecipe[] };
}

export interface LogicalVolumeRecipe {
  readonly name: string;
  readonly segments: readonly { readonly firstExtent: number; readonly extents: number }[];
  readonly volume: VolumeRecipe;
}

export interface ImageRecipe {
  readonly name: string;
  readonly sizeMib: number;
  readonly table: 'gpt' | 'dos' | 'none';
  /** With `none` exactly one, which fills the disk. */
  readonly partitions: readonly PartitionRecipe[];
}

const EFI = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';
const LINUX = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';
const LVM = 'E6D6D379-F507-44C2-A23C-238F2A3DF928';
const MICROSOFT_RESERVED = 'E3C9E316-0B5C-4DB8-817D-F92DF00215AE';
const MICROSOFT_DATA = 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7';

/** The disks of the estate. All are sparse: what counts is the few dozen MiB of files in them. */
export const imageRecipes: readonly ImageRecipe[] = [
  {
    name: 'linux-root',
    sizeMib: 2048,
    table: 'gpt',
    partitions: [
      { startMib: 2, sizeMib: 64, type: EFI, name: 'UEFI', volume: { kind: 'vfat', label: 'UEFI' } },
      {
        startMib: 68,
        sizeMib: 1900,
        type: LINUX,
        volume: { kind: 'ext4', label: 'cloudimg-rootfs', tree: { kind: 'linux-root', mebibytes: 96 } },
      },
    ],
  },
  {
    name: 'data-xfs',
    sizeMib: 1024,
    table: 'gpt',
    partitions: [
      {
        startMib: 1,
        sizeMib: 1022,
        type: LINUX,
        volume: { kind: 'xfs', label: 'pgdata', tree: { kind: 'database', mebibytes: 48 } },
      },
    ],
  },
  {
    name: 'data-lvm',
    sizeMib: 1024,
    table: 'gpt',
    partitions: [
      {
        startMib: 1,
        sizeMib: 1022,
        type: LVM,
        group: {
          name: 'vgdata',
          volumes: [
            {
              name: 'app',
              segments: [{ firstExtent: 0, extents: 50 }],
              volume: { kind: 'ext4', label: 'app', tree: { kind: 'web-content', mebibytes: 12 } },
            },
            {
              name: 'logs',
              segments: [
                { firstExtent: 50, extents: 20 },
                { firstExtent: 170, extents: 20 },
              ],
              volume: { kind: 'ext4', label: 'logs', tree: { kind: 'logs', mebibytes: 8 } },
            },
            {
              name: 'data',
              segments: [{ firstExtent: 80, extents: 80 }],
              volume: { kind: 'xfs', label: 'data', tree: { kind: 'database', mebibytes: 12 } },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'data-ext4',
    sizeMib: 1024,
    table: 'none',
    partitions: [
      {
        startMib: 0,
        sizeMib: 1024,
        type: '',
        volume: { kind: 'ext4', label: 'logs', tree: { kind: 'logs', mebibytes: 48 } },
      },
    ],
  },
  {
    name: 'windows-root',
    sizeMib: 2048,
    table: 'gpt',
    partitions: [
      {
        startMib: 1,
        sizeMib: 100,
        type: EFI,
        name: 'EFI system partition',
        volume: { kind: 'vfat', label: 'SYSTEM' },
      },
      { startMib: 101, sizeMib: 16, type: MICROSOFT_RESERVED, name: 'Microsoft reserved partition' },
      {
        startMib: 117,
        sizeMib: 1930,
        type: MICROSOFT_DATA,
        name: 'Basic data partition',
        volume: { kind: 'ntfs', label: 'Windows', tree: { kind: 'windows-root', mebibytes: 48 } },
      },
    ],
  },
  {
    name: 'windows-data',
    sizeMib: 1024,
    table: 'dos',
    partitions: [
      {
        startMib: 1,
        sizeMib: 1022,
        type: '7',
        volume: { kind: 'ntfs', label: 'Data', tree: { kind: 'office-files', mebibytes: 32 } },
      },
    ],
  },
  {
    name: 'linux-mbr',
    sizeMib: 1024,
    table: 'dos',
    partitions: [
      {
        startMib: 1,
        sizeMib: 800,
        type: '83',
        volume: { kind: 'ext4', label: 'cloudimg-rootfs', tree: { kind: 'linux-root', mebibytes: 24 } },
      },
      { startMib: 801, sizeMib: 222, type: '5' },
      {
        startMib: 802,
        sizeMib: 200,
        type: 'c',
        volume: { kind: 'vfat', label: 'EXCHANGE', tree: { kind: 'office-files', mebibytes: 4 } },
      },
    ],
  },
];
