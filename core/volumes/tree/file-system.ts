import type { FileContent } from './file-content.ts';
import type { DirectoryEntry, NodeId, NodeInfo } from './node.ts';

export type FileSystemKind =
  | 'ext2'
  | 'ext3'
  | 'ext4'
  | 'xfs'
  | 'ntfs'
  | 'fat12'
  | 'fat16'
  | 'fat32'
  | 'exfat';

export type VolumeState =
  /** Unmounted properly, or nothing to replay. */
  | 'clean'
  /** Its journal was replayed into a throw-away overlay: the view is consistent. */
  | 'replayed'
  /** Not unmounted properly and no (full) replay was possible: recent changes may be missing. */
  | 'dirty';

/** What a file system says about itself. */
export interface FileSystemFacts {
  readonly kind: FileSystemKind;
  readonly label: string;
  /** UUID or serial number in the form the system's own tools show. */
  readonly uuid: string;
  /** Size of the file system in bytes. */
  readonly size: number;
  /** Allocation unit in bytes. */
  readonly blockSize: number;
  readonly state: VolumeState;
  /** One sentence on the state where it needs one, else empty. */
  readonly note: string;
  readonly caseSensitive: boolean;
  /** True where times are wall-clock times of an unknown zone (FAT); they are then given as if in UTC. */
  readonly localTimes: boolean;
}

/**
 * What every reader gives. Ids come from outside and are checked; everything throws AppError only. Each
 * call is bounded by the volume's limits, whatever the disk says.
 */
export interface FileSystem {
  readonly facts: FileSystemFacts;
  readonly root: NodeId;
  stat(id: NodeId, signal: AbortSignal): Promise<NodeInfo>;
  /** Entries in the order of the disk, in batches, without `.` and `..`. */
  entries(directory: NodeId, signal: AbortSignal): AsyncIterable<readonly DirectoryEntry[]>;
  /** The main content (`stream` empty) or a named stream of a file. */
  content(id: NodeId, stream: string, signal: AbortSignal): Promise<FileContent>;
  /** The target of a symbolic link, as stored. */
  linkTarget(id: NodeId, signal: AbortSignal): Promise<Uint8Array>;
}
