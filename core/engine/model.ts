import type { BlobStore } from './blob-store.ts';

/** Everything the engine takes from its surroundings besides the store. */
export interface EngineDeps {
  /** Milliseconds since 1970, UTC. */
  readonly clock: () => number;
  /** Cryptographically strong random bytes. */
  readonly random: (length: number) => Uint8Array;
}

/** CPU work (hashing, compressing, sealing, opening). */
export interface ThreadOptions {
  /** How many worker threads; 0 does the work on the calling thread (small jobs, tests). Default 2. */
  readonly threads?: number;
  /** The thread's entry file. Default: the source file beside the pool; a bundle passes its own entry. */
  readonly threadUrl?: URL;
}

/** What opens a repository: a person's password, a file's secret, or a data key handed over sealed by one who has it. */
export type Unlock =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'key-file'; readonly keyFile: KeyFile }
  | { readonly kind: 'data-key'; readonly dataKey: Uint8Array }
  | { readonly kind: 'key-wrap'; readonly keyWrap: KeyWrap }
  /** For repositories created without encryption. */
  | { readonly kind: 'none' };

/** A random secret for runs without a person, and the one slot that it opens. */
export interface KeyFile {
  /** Id of the repository. */
  readonly repository: string;
  /** Id of the slot. */
  readonly slot: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** A key that never leaves its vault: wraps and unwraps 32 bytes. `keyId` tells which key, for people and slots. */
export interface KeyWrap {
  readonly keyId: string;
  wrap(key: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
  /** Throws `wrong-password` when this key did not wrap these bytes. */
  unwrap(wrapped: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}

export interface RepositoryHeader {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly version: number;
  /** Bytes. */
  readonly blockSize: number;
  readonly encrypted: boolean;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

export interface OwnerRecord {
  readonly installationId: string;
  /** What people call this installation, usually the computer's name. */
  readonly displayName: string;
  readonly since: string;
}

export type RepositoryInspection =
  | { readonly state: 'empty' }
  /** Something else is stored here; `example` is one of its names. */
  | { readonly state: 'foreign'; readonly example: string }
  | {
      readonly state: 'repository';
      readonly header: RepositoryHeader;
      readonly owner: OwnerRecord | undefined;
    };

/** An open repository. Functions of the engine take it as their first argument. */
export interface Repository {
  readonly store: BlobStore;
  readonly header: RepositoryHeader;
  readonly deps: EngineDeps;
  /** The 32 bytes that open everything here. Hand them out only sealed to their receiver. */
  exportDataKey(): Uint8Array;
  /** Stops the worker threads. The store stays the caller's. */
  close(): Promise<void>;
}

/** Where a disk's bytes come from. Called with many reads in flight; must return exactly `length` bytes. */
export interface DiskSource {
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** The same into memory that the engine owns and its threads share: no allocation, no copy. Fills all of `target`. */
  readInto?(offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void>;
}

/** Bytes of a disk. `cleared` ranges are known to read as zeros and are not read. */
export interface DiskRange {
  readonly offset: number;
  readonly length: number;
  readonly cleared?: boolean;
}

export interface BackupDisk {
  /** Stable over time; the same disk in the previous point is found by it. */
  readonly id: string;
  readonly name: string;
  /** Bytes; a multiple of 512. */
  readonly size: number;
  readonly source: DiskSource;
  /**
   * Without a previous point: the allocated ranges, everything else reads as zeros.
   * With one: what changed or was cleared since; everything else is as it was.
   * Ascending, not overlapping. Left out: the whole disk is read.
   */
  readonly ranges?: readonly DiskRange[];
}

export interface BackupProgress {
  /** Bytes that have to be read from all disks. */
  readonly bytesTotal: number;
  readonly bytesRead: number;
  /** New bytes in the repository (compressed, sealed). */
  readonly bytesStored: number;
  /** Bytes read that the repository had already. */
  readonly bytesDeduplicated: number;
}

export interface BackupOptions {
  readonly resource: PointResource;
  readonly disks: readonly BackupDisk[];
  /** Point whose unchanged parts are shared. Its disks are matched by `id`; a disk it lacks is read in full. */
  readonly previous?: string;
  /** Opaque JSON kept with the point (a VM's saved configuration). */
  readonly document?: unknown;
  /** The moment the disks show, when it differs from now (a snapshot's time). ISO 8601, UTC. */
  readonly takenAt?: string;
  readonly onProgress?: (progress: BackupProgress) => void;
  readonly signal?: AbortSignal;
  /** Reads in flight on the source. Default 8. */
  readonly readConcurrency?: number;
  /** Objects in flight to the store. Default 4. */
  readonly uploadConcurrency?: number;
  /** A pack is full at this many bytes. Default 16 MiB. */
  readonly packTarget?: number;
  /** Memory for what the repository has already. Default 128 MiB: 19 million blocks. What does not fit is stored again. */
  readonly indexBytes?: number;
}

export interface PointResource {
  /** The kind of workload, such as `azure-vm`. */
  readonly workload: string;
  readonly id: string;
  readonly name: string;
}

export interface BackupStatistics {
  /** Sum of the disks' sizes. */
  readonly diskBytes: number;
  /** Bytes that had to be read (allocated or changed), rounded to blocks. */
  readonly readBytes: number;
  readonly storedBytes: number;
  readonly deduplicatedBytes: number;
  readonly zeroBytes: number;
  /** New map bytes. */
  readonly mapBytes: number;
}

export interface BackupResult {
  readonly pointId: string;
  readonly statistics: BackupStatistics;
  readonly healing: HealingResult;
}

/** What a backup did about damage in the repository. The new point itself is whole in any case. */
export interface HealingResult {
  /** Damaged blocks and map nodes that were stored again, for all points that share them. */
  readonly healed: number;
  /**
   * Those in the point compared with that could not be made again, because the disk changed there since. Older
   * points that need them stay damaged.
   */
  readonly stillDamaged: number;
}

export interface PointDisk {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly blockSize: number;
}

export interface RestorePoint {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly resource: PointResource;
  /** When the point was completed. ISO 8601, UTC. */
  readonly createdAt: string;
  readonly takenAt: string;
  /** The point this one was compared with; for information, it may be gone. */
  readonly previous: string | undefined;
  readonly disks: readonly PointDisk[];
  readonly document: unknown;
  readonly statistics: BackupStatistics;
}

/** Random access to one disk of a point. Safe for concurrent calls. */
export interface RepositoryDisk {
  readonly size: number;
  readonly blockSize: number;
  /** Exactly `length` bytes; throws `invalid-input` outside the disk and `damaged` naming the object. */
  readAt(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** The stored (not all-zero) areas, ascending, adjacent blocks joined up to `maxLength` bytes. */
  extents(options?: {
    readonly from?: number;
    readonly maxLength?: number;
    readonly signal?: AbortSignal;
  }): AsyncIterable<{ readonly offset: number; readonly length: number }>;
}

export interface DiskSink {
  /**
   * Called with many writes in flight, never for areas that are all zero. When the promise resolves the engine
   * uses the memory of `bytes` again: a sink that needs them for longer copies them.
   */
  write(offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
}

export interface RestoreOptions {
  readonly point: string;
  readonly diskIndex: number;
  readonly sink: DiskSink;
  /** Everything below is already in the sink (from an earlier run's `resumeOffset`). Default 0. */
  readonly startAt?: number;
  readonly onProgress?: (progress: RestoreProgress) => void;
  readonly signal?: AbortSignal;
  /** Batches of up to 16 MiB in flight between store and sink. Default 4. */
  readonly concurrency?: number;
}

export interface RestoreProgress {
  /** The disk's size; `resumeOffset` reaches it at the end. */
  readonly bytesTotal: number;
  readonly bytesWritten: number;
  /** Everything below this offset has been written or is zero. */
  readonly resumeOffset: number;
}

export interface RestoreResult {
  readonly diskBytes: number;
  readonly bytesWritten: number;
  readonly bytesSkipped: number;
}
