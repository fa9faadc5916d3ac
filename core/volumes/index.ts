/**
 * From readable disks to the files on them: partition tables, logical volumes, file systems. Read-only and
 * pure TypeScript; nothing is mounted and nothing on the disks is ever written. Disks are hostile input:
 * every reader is bounded by `VolumeLimits` and throws AppError only.
 */

export { ImageFile, MemoryDisk, type ReadableDisk } from './disk/index.ts';
export { guestPlaces } from './guest/index.ts';
export type { ListedNode, WalkedNode } from './listed-node.ts';
export { type OpenVolumesOptions, openVolumes } from './open-volumes.ts';
export { type ContentKind, contentName } from './recognise/index.ts';
export {
  type BuildIndexOptions,
  type BuiltIndex,
  buildIndex,
  FileIndex,
  globTest,
  type IndexProgress,
  indexFromBytes,
  indexToBytes,
  pathGlobTest,
  type SearchHit,
  type SearchQuery,
  type SearchResult,
} from './search/index.ts';
export {
  bytesOfText,
  type DirectoryEntry,
  defaultVolumeLimits,
  type FileExtent,
  type FileName,
  type FileSystemKind,
  joinPath,
  type NodeId,
  type NodeInfo,
  type NodeKind,
  type NodeTimes,
  type StreamInfo,
  type VolumeLimits,
  type VolumeState,
} from './tree/index.ts';
export { type ContentRange, Volume, type VolumeFacts } from './volume.ts';
