import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { startThreads, stopThreads } from '../compute/compute-thread.ts';
import { damaged } from '../format/bytes.ts';
import type { StoredHeader } from '../format/header.ts';
import { headerName } from '../format/names.ts';
import type { EngineDeps, Repository, ThreadOptions, Unlock } from '../model.ts';
import { foreignPlace, inspectRepository, readHeader } from './inspect-repository.ts';
import { OpenRepository } from './open-state.ts';
import { unlockDataKey } from './unlock.ts';

export interface OpenRepositoryOptions extends ThreadOptions {
  readonly unlock: Unlock;
  readonly deps: EngineDeps;
  readonly signal?: AbortSignal;
  /** Starts the threads while the password is being stretched: for callers that are sure to need them. */
  readonly startThreadsEarly?: boolean;
}

/** `not-found` (nothing there), `repository-foreign`, `wrong-password`, `damaged`, `not-supported` (newer version). */
export async function openRepository(store: BlobStore, options: OpenRepositoryOptions): Promise<Repository> {
  const stored = await readHeader(store, options.signal);
  if (stored === undefined) throw await nothingToOpen(store, options.signal);
  const threads = options.startThreadsEarly === true ? startThreads(options) : undefined;
  try {
    const dataKey = await unlockStored(store, stored, options);
    return new OpenRepository({ store, header: stored.header, dataKey, options, threads });
  } catch (thrown) {
    await stopThreads(threads ?? []);
    throw thrown;
  }
}

async function unlockStored(
  store: BlobStore,
  stored: StoredHeader,
  { unlock, signal }: OpenRepositoryOptions,
): Promise<Uint8Array> {
  if (unlock.kind === 'data-key') return checkDataKey(stored, unlock.dataKey);
  const dataKey = await unlockDataKey(store, { unlock, repository: stored.header.id, signal });
  if (!stored.vouchedBy(dataKey)) throw damaged(headerName, 'it is not authentic');
  return dataKey;
}

function checkDataKey(stored: StoredHeader, dataKey: Uint8Array): Uint8Array {
  if (dataKey.length === 32 && stored.vouchedBy(dataKey)) return dataKey;
  throw new AppError('wrong-password', {
    message: 'This data key belongs to another repository.',
    hint: 'Open the repository with its password.',
  });
}

async function nothingToOpen(store: BlobStore, signal?: AbortSignal): Promise<AppError> {
  const found = await inspectRepository(store, signal);
  if (found.state === 'foreign') return foreignPlace(found.example);
  return new AppError('not-found', {
    message: 'There is no repository here.',
    hint: 'Check the address, or create a repository.',
  });
}
