import { AppError } from '../../contract/index.ts';
import { type IndexRecord, joinIndexRecords, readIndexRecords } from '../format/index-object.ts';
import { prefixes } from '../format/names.ts';
import { footerEntryLength } from '../format/pack.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { listObjects } from '../repository/list-objects.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { randomId } from '../repository/random-id.ts';
import { getSealed, putSealed } from '../repository/sealed-store.ts';

/** Objects with fewer blocks than this are worth joining; ids do not compress, so their size tells. */
const smallIndex = 8192 * footerEntryLength;
/** Blocks in one object, more or less: 2.6 MiB. */
const largestIndex = 65_536;
const toleratedSmall = 16;

/**
 * Takes packs that are gone out of the index, if there are any, and joins small index objects. What replaces an object is written
 * before the object is deleted, so no block is ever missing in between. One object after another passes
 * through memory, whatever their number.
 */
export async function rewriteIndex(
  repository: OpenRepository,
  isGone: ((packId: string) => boolean) | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const names: string[] = [];
  const small = new Set<string>();
  for await (const { name, size } of listObjects(repository.store, 'index', signal)) {
    names.push(name);
    if (size < smallIndex) small.add(name);
  }
  const joining = small.size > toleratedSmall;
  if (!joining && isGone === undefined) return;
  const joiner = new IndexJoiner(repository, signal);
  for (const name of names) {
    const records = await readRecords(repository, name, signal);
    if (records === undefined) continue;
    const kept = records.filter(({ packId }) => isGone?.(packId) !== true);
    const stale = kept.length < records.length;
    if (stale || (joining && small.has(name))) await joiner.take(name, kept);
  }
  await joiner.finish();
}

/** Collects records until they fill an object, then writes it, then deletes the objects they came from. */
class IndexJoiner {
  readonly #repository: OpenRepository;
  readonly #signal: AbortSignal | undefined;
  #records: IndexRecord[] = [];
  #blocks = 0;
  #replaced: string[] = [];

  constructor(repository: OpenRepository, signal: AbortSignal | undefined) {
    this.#repository = repository;
    this.#signal = signal;
  }

  async take(name: string, records: readonly IndexRecord[]): Promise<void> {
    this.#replaced.push(name);
    for (const record of records) {
      this.#records.push(record);
      this.#blocks += record.blockCount;
    }
    if (this.#blocks >= largestIndex) await this.finish();
  }

  async finish(): Promise<void> {
    if (this.#records.length > 0) {
      const name = prefixes.index + randomId(this.#repository.deps);
      const content = { name, kind: objectKinds.index, plain: joinIndexRecords(this.#records) };
      await putSealed(this.#repository, content, this.#signal);
    }
    for (const name of this.#replaced) await this.#repository.store.delete(name, this.#signal);
    this.#records = [];
    this.#blocks = 0;
    this.#replaced = [];
  }
}

/**
 * Undefined when there is nothing to take over: another collector was faster, and what replaced the object is in
 * the listing or will be; or it is damaged, and being only a hint it is replaced by nothing.
 */
async function readRecords(
  repository: OpenRepository,
  name: string,
  signal?: AbortSignal,
): Promise<IndexRecord[] | undefined> {
  try {
    const plain = await getSealed(repository, { name, kind: objectKinds.index }, signal);
    return [...readIndexRecords(plain, name)];
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !['not-found', 'damaged'].includes(thrown.code)) throw thrown;
    if (thrown.code === 'damaged') await repository.store.delete(name, signal);
    return undefined;
  }
}
