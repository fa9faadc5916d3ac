import { AppError } from '../../contract/index.ts';
import { mapInOrder } from '../concurrency.ts';
import { decodeCondemned } from '../format/condemned.ts';
import { decodeIndex, type IndexedPack } from '../format/index-object.ts';
import { placeEntries } from '../format/pack.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { listObjects } from '../repository/list-objects.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { getSealed } from '../repository/sealed-store.ts';
import { BlockIndex } from './block-index.ts';

const parallelReads = 16;
const attempts = 5;

/**
 * The blocks that a new attempt may refer to: all indexed ones except those in condemned packs. The order of
 * the two listings matters (`docs/concurrency.md`, "Backup beside collect"): condemned first.
 */
export async function loadBlockIndex(repository: OpenRepository, signal?: AbortSignal): Promise<BlockIndex> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await loadOnce(repository, signal);
    } catch (thrown) {
      // A collector replaced an index object between our listing and our reading it: list again.
      const replaced = thrown instanceof AppError && thrown.code === 'not-found';
      if (!replaced || attempt >= attempts) throw thrown;
    }
  }
}

async function loadOnce(repository: OpenRepository, signal?: AbortSignal): Promise<BlockIndex> {
  const index = new BlockIndex();
  const condemned = await readCondemnedPacks(repository, signal);
  if (condemned === undefined) return index;
  const names = await newestFirst(repository, signal);
  const loaded = mapInOrder(names, { concurrency: parallelReads, signal }, (name) =>
    readIndex(repository, name, signal),
  );
  for await (const packs of loaded) {
    for (const { packId, entries } of packs) {
      if (condemned.has(packId)) continue;
      for (const ref of placeEntries(packId, entries)) index.add(ref);
    }
    if (index.full) break;
  }
  return index;
}

/** A damaged index object only costs space: its blocks are stored again. */
async function readIndex(
  repository: OpenRepository,
  name: string,
  signal?: AbortSignal,
): Promise<IndexedPack[]> {
  try {
    return decodeIndex(await getSealed(repository, { name, kind: objectKinds.index }, signal), name);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'damaged') return [];
    throw thrown;
  }
}

async function newestFirst(repository: OpenRepository, signal?: AbortSignal): Promise<string[]> {
  const found: { name: string; time: number }[] = [];
  for await (const { name, modifiedAt } of listObjects(repository.store, 'index', signal)) {
    found.push({ name, time: modifiedAt.getTime() });
  }
  return found.sort((left, right) => right.time - left.time).map(({ name }) => name);
}

/**
 * Packs that a collector has announced to remove; nobody may refer to them any more. Undefined when an
 * announcement cannot be read: then any pack might be meant.
 */
async function readCondemnedPacks(
  repository: OpenRepository,
  signal?: AbortSignal,
): Promise<Set<string> | undefined> {
  const condemned = new Set<string>();
  try {
    for await (const { name } of listObjects(repository.store, 'condemned', signal)) {
      const plain = await getSealed(repository, { name, kind: objectKinds.condemned }, signal);
      for (const packId of decodeCondemned(plain, name)) condemned.add(packId);
    }
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'damaged') return undefined;
    throw thrown;
  }
  return condemned;
}
