/** Bounds on what a hostile disk can make the readers do. */
export interface VolumeLimits {
  /** Bytes of metadata cached for each disk. */
  readonly cacheBytes: number;
  /** Bytes fetched at once on a small read; a power of two. */
  readonly chunkBytes: number;
  /** Memory for changes that a replayed log makes. */
  readonly overlayBytes: number;
  /** Bytes of one directory that are looked at. */
  readonly directoryBytes: number;
  /** Entries of one directory. */
  readonly directoryEntries: number;
  /** Pieces of one file where they are kept in memory (NTFS, FAT). */
  readonly fileRuns: number;
  /** Bytes of one `read`. */
  readonly readBytes: number;
  /** Directories below one another on a walk. */
  readonly depth: number;
  /** Partitions of one disk, and logical volumes of all. */
  readonly volumes: number;
}

export const defaultVolumeLimits: VolumeLimits = {
  cacheBytes: 64 * 1024 * 1024,
  chunkBytes: 64 * 1024,
  overlayBytes: 256 * 1024 * 1024,
  directoryBytes: 1024 * 1024 * 1024,
  directoryEntries: 1_000_000,
  fileRuns: 1_000_000,
  readBytes: 64 * 1024 * 1024,
  depth: 2_000,
  volumes: 512,
};
