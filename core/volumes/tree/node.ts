import type { FileName } from './file-name.ts';

/** Names a file or directory within one volume: inode number, MFT record number, place of its entry. */
export type NodeId = number;

export type NodeKind =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'character-device'
  | 'block-device'
  | 'other';

export interface DirectoryEntry {
  readonly name: FileName;
  readonly id: NodeId;
  /** From the directory where it says so, else undefined until `stat`. */
  readonly kind: NodeKind | undefined;
}

/** Nanoseconds since 1970; undefined where the file system does not keep that time. */
export interface NodeTimes {
  readonly modified: bigint | undefined;
  readonly accessed: bigint | undefined;
  /** Last change of the metadata. */
  readonly changed: bigint | undefined;
  readonly created: bigint | undefined;
}

/** A named data stream beside the file's main content (NTFS). */
export interface StreamInfo {
  readonly name: string;
  readonly size: number;
}

/** Metadata as the guest's system had it. */
export interface NodeInfo {
  readonly id: NodeId;
  readonly kind: NodeKind;
  /** Bytes of content; for a link the length of its target. */
  readonly size: number;
  /** Bytes taken on the disk. */
  readonly allocated: number;
  readonly links: number;
  readonly times: NodeTimes;
  /** The twelve permission bits, where there are any. */
  readonly mode: number | undefined;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** The owner's security identifier (NTFS). */
  readonly sid: string | undefined;
  readonly device: { readonly major: number; readonly minor: number } | undefined;
  /** Such as `readonly`, `hidden`, `compressed`, `encrypted`, `sparse`, `immutable`, `reparse-point`. */
  readonly attributes: readonly string[];
  readonly streams: readonly StreamInfo[];
  /** Why its content or its entries cannot be given out (encrypted by the guest and the like). */
  readonly unreadable: string | undefined;
}

/** What most file systems leave empty; spread it and set the rest. */
export const bareNode = {
  mode: undefined,
  owner: undefined,
  sid: undefined,
  device: undefined,
  attributes: [],
  streams: [],
  unreadable: undefined,
} as const;
