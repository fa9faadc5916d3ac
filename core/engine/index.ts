/**
 * The data engine: disks in, restore points out, over any store of write-once objects.
 * The format is specified in `docs/format.md`, its safety under concurrency in `docs/concurrency.md`.
 */
import type { BlobStore } from './blob-store.ts';
import type {
  BackupOptions,
  BackupStatistics,
  EngineDeps,
  Repository,
  RepositoryDisk,
  RepositoryInspection,
  RestoreOptions,
  RestorePoint,
  RestoreResult,
  ThreadOptions,
  Unlock,
} from './model.ts';

export type * from './blob-store.ts';
export type * from './model.ts';

export interface CreateRepositoryOptions extends ThreadOptions {
  /** `none` creates a repository that anybody with access can read. A data key cannot create. */
  readonly unlock: Exclude<Unlock, { kind: 'data-key' }>;
  readonly deps: EngineDeps;
  /** Bytes, a power of two from 64 KiB to 4 MiB. Default 1 MiB. */
  readonly blockSize?: number;
  readonly signal?: AbortSignal;
}
export interface OpenRepositoryOptions extends ThreadOptions {
  readonly unlock: Unlock;
  readonly deps: EngineDeps;
  readonly signal?: AbortSignal;
}

/** `already-exists` when a repository is there, `repository-foreign` when something else is. */
export declare function createRepository(
  store: BlobStore,
  options: CreateRepositoryOptions,
): Promise<Repository>;
/** `not-found` (nothing there), `repository-foreign`, `wrong-password`, `damaged`, `not-supported` (newer version). */
export declare function openRepository(store: BlobStore, options: OpenRepositoryOptions): Promise<Repository>;
/** What is stored here; needs no key. */
export declare function inspectRepository(
  store: BlobStore,
  signal?: AbortSignal,
): Promise<RepositoryInspection>;
export declare function backupDisks(
  repository: Repository,
  options: BackupOptions,
): Promise<{ readonly pointId: string; readonly statistics: BackupStatistics }>;
/** Oldest first. */
export declare function listPoints(repository: Repository, signal?: AbortSignal): Promise<RestorePoint[]>;
export declare function readPoint(
  repository: Repository,
  pointId: string,
  signal?: AbortSignal,
): Promise<RestorePoint>;
export declare function openDisk(
  repository: Repository,
  pointId: string,
  diskIndex: number,
  options?: { readonly cacheBytes?: number; readonly signal?: AbortSignal },
): Promise<RepositoryDisk>;
export declare function restoreDisk(repository: Repository, options: RestoreOptions): Promise<RestoreResult>;
export declare function deletePoint(
  repository: Repository,
  pointId: string,
  signal?: AbortSignal,
): Promise<void>;
export declare function memoryStore(): BlobStore;
export declare function folderStore(directory: string): BlobStore;
