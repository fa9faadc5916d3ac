import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { decodeHeader, type StoredHeader } from '../format/header.ts';
import { headerName, prefixes } from '../format/names.ts';
import type { RepositoryInspection } from '../model.ts';
import { readOwner } from './owner.ts';

/** What is stored here; needs no key. `damaged` or `not-supported` when the header says so. */
export async function inspectRepository(
  store: BlobStore,
  signal?: AbortSignal,
): Promise<RepositoryInspection> {
  const stored = await readHeader(store, signal);
  if (stored !== undefined) {
    return { state: 'repository', header: stored.header, owner: await readOwner(store, signal) };
  }
  const example = await firstForeignName(store, signal);
  return example === undefined ? { state: 'empty' } : { state: 'foreign', example };
}

export async function readHeader(store: BlobStore, signal?: AbortSignal): Promise<StoredHeader | undefined> {
  try {
    return decodeHeader(await store.get(headerName, undefined, signal));
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found') return undefined;
    throw thrown;
  }
}

/** Key slots without a header are what an interrupted creation leaves; they do not make a place foreign. */
async function firstForeignName(store: BlobStore, signal?: AbortSignal): Promise<string | undefined> {
  for await (const { name } of store.list('', signal)) {
    if (!name.startsWith(prefixes.keys)) return name;
  }
  return undefined;
}

export function foreignPlace(example: string): AppError {
  return new AppError('repository-foreign', {
    message: 'Something other than a Cairn repository is stored here.',
    hint: 'Choose an empty folder for the repository.',
    details: { example },
  });
}
