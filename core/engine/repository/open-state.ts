import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { type ComputePool, createComputePool } from '../compute/compute-pool.ts';
import type { ComputeThread } from '../compute/compute-thread.ts';
import { deriveKeys, type RepositoryKeys } from '../crypto/repository-keys.ts';
import type { EngineDeps, Repository, RepositoryHeader, ThreadOptions } from '../model.ts';

export interface OpenState {
  readonly store: BlobStore;
  readonly header: RepositoryHeader;
  readonly dataKey: Uint8Array;
  readonly options: ThreadOptions & { readonly deps: EngineDeps };
  /** Threads that wait for the key already. */
  readonly threads?: readonly ComputeThread[];
}

/** The engine's own view of an open repository: with its keys and threads. */
export class OpenRepository implements Repository {
  readonly store: BlobStore;
  readonly header: RepositoryHeader;
  readonly deps: EngineDeps;
  readonly keys: RepositoryKeys;
  readonly pool: ComputePool;

  constructor(state: OpenState) {
    this.store = state.store;
    this.header = state.header;
    this.deps = state.options.deps;
    this.keys = deriveKeys(state.dataKey);
    this.pool = createComputePool(state.dataKey, state.options, state.threads);
  }

  exportDataKey(): Uint8Array {
    return Uint8Array.from(this.keys.dataKey);
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

/** Callers hold the public shape; only the engine makes it, so it is always one of ours. */
export function opened(repository: Repository): OpenRepository {
  if (repository instanceof OpenRepository) return repository;
  throw new AppError('internal', { message: 'The repository was not opened by this engine.' });
}
