import { AppError, toAppError } from '../../contract/index.ts';
import { invalidInput, stopIfAborted } from '../disk/index.ts';
import type { DirectoryEntry, NodeId, NodeInfo } from '../tree/index.ts';
import type { Volume } from '../volume.ts';
import { FileIndex } from './file-index.ts';
import { IndexColumnsBuilder, NO_PARENT } from './index-columns.ts';

export interface IndexProgress {
  readonly entries: number;
  readonly directories: number;
}

export interface BuildIndexOptions {
  readonly signal: AbortSignal;
  /** Called after every few thousand entries. */
  readonly onProgress?: (progress: IndexProgress) => void;
  /** Entries that the index may have; default 10 million. */
  readonly limit?: number;
}

export interface BuiltIndex {
  readonly index: FileIndex;
  /** Folders that could not be read (damaged, encrypted); their content is not in the index. */
  readonly unread: number;
}

const STAT_AT_ONCE = 64;
const REPORT_EVERY = 5_000;

/**
 * Reads the metadata of a whole volume once, folder by folder. Folders that cannot be read are counted and
 * passed over; a folder that appears twice is entered once.
 * @throws AppError `not-supported` for a volume without a reader, `invalid-input` above the limit,
 * `cancelled`, or what the disk throws
 */
export async function buildIndex(volume: Volume, options: BuildIndexOptions): Promise<BuiltIndex> {
  const build = new IndexBuild(volume, options);
  try {
    return await build.run();
  } catch (thrown) {
    throw toAppError(thrown);
  }
}

class IndexBuild {
  readonly #volume: Volume;
  readonly #options: BuildIndexOptions;
  readonly #columns = new IndexColumnsBuilder();
  readonly #entered = new Set<NodeId>();
  readonly #waiting: { id: NodeId; row: number }[] = [];
  #unread = 0;
  #reported = 0;

  constructor(volume: Volume, options: BuildIndexOptions) {
    this.#volume = volume;
    this.#options = options;
  }

  async run(): Promise<BuiltIndex> {
    this.#enter(this.#volume.root, NO_PARENT);
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      stopIfAborted(this.#options.signal);
      await this.#readDirectory(next);
    }
    this.#report(0);
    return { index: new FileIndex(this.#columns.finish()), unread: this.#unread };
  }

  async #readDirectory(directory: { id: NodeId; row: number }): Promise<void> {
    const { signal } = this.#options;
    try {
      for await (const batch of this.#volume.fileSystem.entries(directory.id, signal))
        for (let from = 0; from < batch.length; from += STAT_AT_ONCE)
          await this.#addEntries(batch.slice(from, from + STAT_AT_ONCE), directory.row);
    } catch (thrown) {
      if (!isPassable(thrown)) throw thrown;
      this.#unread++;
    }
  }

  async #addEntries(entries: readonly DirectoryEntry[], parent: number): Promise<void> {
    const infos = await Promise.all(entries.map((entry) => this.#info(entry)));
    for (const [index, entry] of entries.entries()) {
      const info = infos[index];
      const kind = info?.kind ?? entry.kind ?? 'other';
      const { id, name } = entry;
      const row = this.#columns.add({
        id,
        parent,
        name: name.text,
        kind,
        size: info?.size ?? 0,
        modified: info?.times.modified,
      });
      if (kind === 'directory' && info?.unreadable === undefined) this.#enter(id, row);
    }
    if (this.#columns.count > (this.#options.limit ?? 10_000_000))
      throw invalidInput('volume', 'has more entries than an index can hold');
    this.#report(REPORT_EVERY);
  }

  async #info(entry: DirectoryEntry): Promise<NodeInfo | undefined> {
    try {
      return await this.#volume.fileSystem.stat(entry.id, this.#options.signal);
    } catch (thrown) {
      if (isPassable(thrown)) return undefined;
      throw thrown;
    }
  }

  #enter(id: NodeId, row: number): void {
    if (this.#entered.has(id)) return;
    this.#entered.add(id);
    this.#waiting.push({ id, row });
  }

  #report(every: number): void {
    if (this.#columns.count - this.#reported < every) return;
    this.#reported = this.#columns.count;
    this.#options.onProgress?.({ entries: this.#columns.count, directories: this.#entered.size });
  }
}

/** What is wrong with one entry must not keep anybody from the others. */
function isPassable(thrown: unknown): boolean {
  return (
    thrown instanceof AppError &&
    ['damaged', 'not-found', 'not-supported', 'invalid-input'].includes(thrown.code)
  );
}
