import { AppError } from '../../contract/index.ts';
import type { BlobInfo } from '../blob-store.ts';
import { mapInOrder } from '../concurrency.ts';
import { decodeCondemned } from '../format/condemned.ts';
import { type IndexRecord, readIndexRecords } from '../format/index-object.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { PackNumbers } from '../packs/pack-numbers.ts';
import { listObjects } from '../repository/list-objects.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { getSealed } from '../repository/sealed-store.ts';
import { BlockIndex } from './block-index.ts';

const parallelReads = 6;
/** An entry in an index object takes about this many bytes there; 32 of them are an id, which does not compress. */
const storedEntryLength = 36;
const attempts = 5;

/**
 * The blocks that a new attempt may refer to: all indexed ones except those in condemned packs, as far as the memory
 * of `bytes` reaches, newest first. The order of
 * the two listings matters (`docs/concurrency.md`, "Backup beside collect"): condemned first.
 */
export async function loadBlockIndex(
  repository: OpenRepository,
  options: { readonly bytes?: number } = {},
  signal?: AbortSignal,
): Promise<BlockIndex> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await loadOnce(repository, options.bytes, signal);
    } catch (thrown) {
      // A collector replaced an index object between our listing and our reading it: list again.
      const replaced = thrown instanceof AppError && thrown.code === 'not-found';
      if (!replaced || attempt >= attempts) throw thrown;
    }
  }
}

async function loadOnce(
  repository: OpenRepository,
  bytes: number | undefined,
  signal?: AbortSignal,
): Promise<BlockIndex> {
  const condemned = await readCondemnedPacks(repository, signal);
  if (condemned === undefined) return new BlockIndex({ bytes });
  const objects = await newestFirst(repository, signal);
  const expectedBlocks = Math.ceil(objects.reduce((sum, { size }) => sum + size, 0) / storedEntryLength);
  const index = new BlockIndex({ bytes, expectedBlocks });
  const loaded = mapInOrder(objects, { concurrency: parallelReads, signal }, ({ name }) =>
    readIndex(repository, name, signal),
  );
  for await (const records of loaded) {
    for (const record of records) if (!condemned.has(record.packId)) index.addPack(record);
    if (index.full) break;
  }
  return index;
}

/** A damaged index object only costs space: its blocks are stored again. */
async function readIndex(
  repository: OpenRepository,
  name: string,
  signal?: AbortSignal,
): Promise<IndexRecord[]> {
  try {
    const plain = await getSealed(repository, { name, kind: objectKinds.index }, signal);
    return [...readIndexRecords(plain, name)];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'damaged') return [];
    throw thrown;
  }
}

async function newestFirst(repository: OpenRepository, signal?: AbortSignal): Promise<BlobInfo[]> {
  const found: BlobInfo[] = [];
  for await (const info of listObjects(repository.store, 'index', signal)) found.push(info);
  return found.sort((left, right) => right.modifiedAt.getTime() - left.modifiedAt.getTime());
}

/**
 * Packs that a collector has announced to remove; nobody may refer to them any more. Undefined when an
 * announcement cannot be read: then any pack might be meant.
 */
export async function readCondemnedPacks(
  repository: OpenRepository,
  signal?: AbortSignal,
): Promise<PackNumbers | undefined> {
  const condemned = new PackNumbers();
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
