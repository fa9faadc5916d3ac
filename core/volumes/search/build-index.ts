import { toAppError } from '../../contract/index.ts';
import { invalidInput, isUnreadable, stopIfAborted } from '../disk/index.ts';
import type { NodeId } from '../tree/index.ts';
import type { Volume } from '../volume.ts';
import { DirectoryBatches, type KnownEntry } from './directory-batches.ts';
import { FileIndex } from './file-index.ts';
import { IndexColumnsBuilder, NO_PARENT } from './index-columns.ts';

export interface IndexProgress {
  readonly entries: number;
  readonly directories: number;
  /** The index as far as it is; copies it, about 35 bytes an entry and twice its name. */
  readonly soFar: () => FileIndex;
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

const DIRECTORIES_AT_ONCE = 32;
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
  /** Directories to read, the older ones first; the first few of them are under way. */
  readonly #waiting: { id: NodeId; row: number }[] = [];
  readonly #underway: { batches: DirectoryBatches; row: number }[] = [];
  #started = 0;
  #unread = 0;
  #reported = 0;

  constructor(volume: Volume, options: BuildIndexOptions) {
    this.#volume = volume;
    this.#options = options;
  }

  async run(): Promise<BuiltIndex> {
    this.#enter(this.#volume.root, NO_PARENT);
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      stopIfAborted(this.#options.signal);
      await this.#readDirectory(next);
    }
    this.#report(0);
    return { index: new FileIndex(this.#columns.finish()), unread: this.#unread };
  }

  #next(): { batches: DirectoryBatches; row: number } | undefined {
    while (this.#underway.length < DIRECTORIES_AT_ONCE) {
      const directory = this.#waiting[this.#started];
      if (directory === undefined) break;
      this.#started++;
      const batches = new DirectoryBatches(this.#volume, directory.id, this.#options.signal);
      this.#underway.push({ batches, row: directory.row });
    }
    return this.#underway.shift();
  }

  async #readDirectory(directory: { batches: DirectoryBatches; row: number }): Promise<void> {
    try {
      for await (const batch of directory.batches.take()) this.#add(batch, directory.row);
    } catch (thrown) {
      if (this.#isFull || !isUnreadable(thrown)) throw thrown;
      this.#unread++;
    }
  }

  get #isFull(): boolean {
    return this.#columns.count > (this.#options.limit ?? 10_000_000);
  }

  #add(batch: readonly KnownEntry[], parent: number): void {
    for (const { entry, info } of batch) {
      const kind = info?.kind ?? entry.kind ?? 'other';
      const { id, name } = entry;
      const { size = 0, times } = info ?? {};
      const row = this.#columns.add({ id, parent, name: name.text, kind, size, modified: times?.modified });
      if (kind === 'directory' && info?.unreadable === undefined) this.#enter(id, row);
    }
    if (this.#isFull) throw invalidInput('volume', 'has more entries than an index can hold');
    this.#report(REPORT_EVERY);
  }

  #enter(id: NodeId, row: number): void {
    if (this.#entered.has(id)) return;
    this.#entered.add(id);
    this.#waiting.push({ id, row });
  }

  #report(every: number): void {
    if (this.#columns.count - this.#reported < every) return;
    this.#reported = this.#columns.count;
    this.#options.onProgress?.({
      entries: this.#columns.count,
      directories: this.#entered.size,
      soFar: () => new FileIndex(this.#columns.finish()),
    });
  }
}
