import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { keyLength } from '../crypto/repository-keys.ts';
import { checkBlockSize, encodeHeader, formatVersion } from '../format/header.ts';
import { encodeSlot, type KeySlot, slotName } from '../format/key-slot.ts';
import { headerName } from '../format/names.ts';
import type { EngineDeps, Repository, RepositoryHeader, ThreadOptions, Unlock } from '../model.ts';
import { foreignPlace, inspectRepository } from './inspect-repository.ts';
import { makeSlot } from './make-slot.ts';
import { OpenRepository } from './open-state.ts';
import { randomId } from './random-id.ts';

export interface CreateRepositoryOptions extends ThreadOptions {
  /** `none` creates a repository that anybody with access can read. A data key cannot create; a key file is added. */
  readonly unlock: Exclude<Unlock, { kind: 'data-key' | 'key-file' }>;
  readonly deps: EngineDeps;
  /** Bytes, a power of two from 64 KiB to 4 MiB. Default 1 MiB. */
  readonly blockSize?: number;
  /** scrypt's N as a power of two, 14 to 22. Default 17 (128 MiB, about half a second). */
  readonly passwordCost?: number;
  /** How the first key slot is called. */
  readonly label?: string;
  readonly signal?: AbortSignal;
}

const defaultBlockSize = 1024 * 1024;

/** `already-exists` when a repository is there, `repository-foreign` when something else is. */
export async function createRepository(
  store: BlobStore,
  options: CreateRepositoryOptions,
): Promise<Repository> {
  const { deps, signal } = options;
  const blockSize = options.blockSize ?? defaultBlockSize;
  checkBlockSize(blockSize);
  await requireEmptyPlace(store, signal);
  const header: RepositoryHeader = {
    version: formatVersion,
    id: randomId(deps),
    blockSize,
    encrypted: options.unlock.kind !== 'none',
    createdAt: new Date(deps.clock()).toISOString(),
  };
  const dataKey = deps.random(keyLength);
  const slot = await makeSlot({ ...options, repository: header.id }, dataKey);
  await store.put(slotName(slot.id), encodeSlot(slot), signal);
  await commitHeader(store, { header, dataKey, slot, signal });
  return new OpenRepository({ store, header, dataKey, options });
}

async function requireEmptyPlace(store: BlobStore, signal?: AbortSignal): Promise<void> {
  const found = await inspectRepository(store, signal);
  if (found.state === 'repository') throw alreadyThere();
  if (found.state === 'foreign') throw foreignPlace(found.example);
}

interface HeaderCommit {
  readonly header: RepositoryHeader;
  readonly dataKey: Uint8Array;
  readonly slot: KeySlot;
  readonly signal?: AbortSignal;
}

/** The header is written last: only then is there a repository. Of two creators the slower one clears its slot. */
async function commitHeader(store: BlobStore, commit: HeaderCommit): Promise<void> {
  try {
    await store.put(headerName, encodeHeader(commit.header, commit.dataKey), commit.signal);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'already-exists') throw thrown;
    await store.delete(slotName(commit.slot.id), commit.signal);
    throw alreadyThere();
  }
}

function alreadyThere(): AppError {
  return new AppError('already-exists', {
    message: 'There is a Cairn repository here already.',
    hint: 'Open it with its password, or choose another folder.',
  });
}
