import { AppError } from '../../contract/index.ts';
import { decodeIndex, encodeIndex, type IndexedPack } from '../format/index-object.ts';
import { prefixes } from '../format/names.ts';
import { objectKinds } from '../format/sealed-object.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { randomId } from '../repository/random-id.ts';
import { getSealed, putSealed } from '../repository/sealed-store.ts';

/** Objects with fewer blocks than this are worth joining. */
const smallIndex = 8192;
const largestIndex = 65_536;
const toleratedSmall = 16;

interface ReadIndex {
  readonly name: string;
  readonly packs: readonly IndexedPack[];
}

/**
 * Takes packs that are gone out of the index, and joins small index objects. What replaces an object is written
 * before the object is deleted, so no block is ever missing in between.
 */
export async function rewriteIndex(
  repository: OpenRepository,
  gone: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<void> {
  const all = await readAll(repository, signal);
  const stale = all.filter(({ packs }) => packs.some((pack) => gone.has(pack.packId)));
  const small = all.filter((index) => !stale.includes(index) && blocksIn(index.packs) < smallIndex);
  const rewritten = small.length > toleratedSmall || stale.length > 0 ? [...stale, ...small] : [];
  if (rewritten.length === 0 || (stale.length === 0 && rewritten.length < 2)) return;
  const kept = rewritten.flatMap(({ packs }) => packs.filter((pack) => !gone.has(pack.packId)));
  for (const packs of batches(kept)) {
    const name = prefixes.index + randomId(repository.deps);
    await putSealed(repository, { name, kind: objectKinds.index, plain: encodeIndex(packs) }, signal);
  }
  for (const { name } of rewritten) await repository.store.delete(name, signal);
}

async function readAll(repository: OpenRepository, signal?: AbortSignal): Promise<ReadIndex[]> {
  const all: ReadIndex[] = [];
  for await (const { name } of repository.store.list(prefixes.index, signal)) {
    try {
      const plain = await getSealed(repository, { name, kind: objectKinds.index }, signal);
      all.push({ name, packs: decodeIndex(plain, name) });
    } catch (thrown) {
      // Another collector was faster, and what replaced it is in the listing or will be; or it is damaged, and
      // being only a hint it is replaced by nothing.
      if (!(thrown instanceof AppError) || !['not-found', 'damaged'].includes(thrown.code)) throw thrown;
      if (thrown.code === 'damaged') await repository.store.delete(name, signal);
    }
  }
  return all;
}

function blocksIn(packs: readonly IndexedPack[]): number {
  return packs.reduce((sum, pack) => sum + pack.entries.length, 0);
}

function* batches(packs: readonly IndexedPack[]): Generator<IndexedPack[]> {
  let batch: IndexedPack[] = [];
  for (const pack of packs) {
    batch.push(pack);
    if (blocksIn(batch) >= largestIndex) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
