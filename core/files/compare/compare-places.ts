import { AppError, type FileComparison, type FileEntry, type FilePlace } from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import { nameOf, normalPath } from '../service/file-path.ts';
import { compareNames } from '../service/name-order.ts';
import { folderEntries } from './folder-entries.ts';
import { sameContent } from './same-content.ts';
import { textLines } from './text-lines.ts';

export interface ComparedPlace extends FilePlace {
  readonly service: Pick<FileService, 'details' | 'list' | 'read'>;
}

export interface CompareOptions {
  readonly signal: AbortSignal;
  /**
   * Which files of the same size are read: none (the time decides), those whose times differ, or all. Files of
   * different sizes differ.
   */
  readonly content: 'never' | 'where-times-differ' | 'always';
  /** Differences that are kept. Default 10,000. */
  readonly limit?: number;
  readonly onProgress?: (progress: CompareProgress) => void;
}

export interface CompareProgress {
  readonly entriesCompared: number;
  /** Of the files that were read, on one side. */
  readonly bytesCompared: number;
}

export interface PlaceComparison
  extends CompareProgress,
    Pick<FileComparison, 'differences' | 'more' | 'lines'> {}

type Difference = FileComparison['differences'][number];

/**
 * Compares two files, or two folders with everything below them. A folder that is on one side only is one difference,
 * whatever is in it. For two small text files the lines are given too.
 */
export async function comparePlaces(
  left: ComparedPlace,
  right: ComparedPlace,
  options: CompareOptions,
): Promise<PlaceComparison> {
  const [leftEntry, rightEntry] = await Promise.all([entryOf(left, options), entryOf(right, options)]);
  const comparison = new Comparison(left, right, options);
  await comparison.compare('', leftEntry, rightEntry);
  await comparison.finish();
  const bothFiles = leftEntry.kind === 'file' && rightEntry.kind === 'file';
  return { ...comparison.result(), lines: bothFiles ? await textLines(left, right, options.signal) : null };
}

async function entryOf(
  { service, volumeId, path }: ComparedPlace,
  { signal }: CompareOptions,
): Promise<FileEntry> {
  const entry = await service.details({ volumeId, path }, signal);
  return { ...entry, name: nameOf(path), path: normalPath(path) };
}

/** A pair of folders whose entries are still to be compared. */
interface FolderPair {
  readonly below: string;
  readonly left: FileEntry;
  readonly right: FileEntry;
}

const DEFAULT_LIMIT = 10_000;
const DEEPEST = 2_000;

class Comparison {
  readonly #left: ComparedPlace;
  readonly #right: ComparedPlace;
  readonly #options: CompareOptions;
  readonly #folders: FolderPair[] = [];
  readonly #differences: Difference[] = [];
  #more = false;
  #entries = 0;
  #bytes = 0;

  constructor(left: ComparedPlace, right: ComparedPlace, options: CompareOptions) {
    this.#left = left;
    this.#right = right;
    this.#options = options;
  }

  /** One entry that is on both sides; folders are kept for later. */
  async compare(below: string, left: FileEntry, right: FileEntry): Promise<void> {
    this.#entries++;
    const change = await this.#change(left, right);
    if (change !== undefined) this.#add({ path: below, change, left, right });
    const folders = left.kind === 'directory' && right.kind === 'directory';
    if (folders && below.split('/').length < DEEPEST) this.#folders.push({ below, left, right });
    this.#options.onProgress?.(this.#progress());
  }

  /** All folders that were met, and those below them. */
  async finish(): Promise<void> {
    for (let pair = this.#folders.pop(); pair !== undefined && !this.#more; pair = this.#folders.pop())
      await this.#compareFolders(pair);
  }

  result(): Omit<PlaceComparison, 'lines'> {
    const differences = this.#differences.toSorted((a, b) =>
      a.path < b.path ? -1 : a.path > b.path ? 1 : 0,
    );
    return { ...this.#progress(), differences, more: this.#more };
  }

  /** Both sides come in the same order, so that each entry is looked at once and no folder is kept. */
  async #compareFolders(pair: FolderPair): Promise<void> {
    const lefts = folderEntries(this.#left, pair.left.path, this.#options.signal);
    const rights = folderEntries(this.#right, pair.right.path, this.#options.signal);
    let [left, right] = await Promise.all([lefts.next(), rights.next()]);
    while (!this.#more && !(left.done && right.done)) {
      const order = left.done ? 1 : right.done ? -1 : entryOrder(left.value, right.value);
      if (order === 0 && !left.done && !right.done)
        await this.compare(joined(pair.below, left.value.name), left.value, right.value);
      else if (order < 0 && !left.done) this.#only(pair, 'removed', left.value);
      else if (!right.done) this.#only(pair, 'added', right.value);
      const next = await Promise.all([order <= 0 ? lefts.next() : left, order >= 0 ? rights.next() : right]);
      [left, right] = next;
    }
  }

  #only({ below }: FolderPair, change: 'added' | 'removed', entry: FileEntry): void {
    this.#entries++;
    const sides = change === 'added' ? { left: null, right: entry } : { left: entry, right: null };
    this.#add({ path: joined(below, entry.name), change, ...sides });
  }

  async #change(left: FileEntry, right: FileEntry): Promise<'changed' | 'metadata' | undefined> {
    if (left.kind !== right.kind || left.linkTarget !== right.linkTarget) return 'changed';
    if (left.kind === 'file' && !(await this.#sameFile(left, right))) return 'changed';
    return sameMetadata(left, right) ? undefined : 'metadata';
  }

  async #sameFile(left: FileEntry, right: FileEntry): Promise<boolean> {
    if (left.sizeBytes !== right.sizeBytes) return false;
    const sameTime = left.modified === right.modified;
    const { content, signal } = this.#options;
    if (content === 'never' || (sameTime && content === 'where-times-differ')) return sameTime;
    const sides = [
      { ...this.#left, path: left.path },
      { ...this.#right, path: right.path },
    ] as const;
    try {
      const { same, bytes } = await sameContent(...sides, signal);
      this.#bytes += bytes;
      return same;
    } catch (error) {
      // What cannot be read on one side cannot be told to be the same.
      if (error instanceof AppError && ['damaged', 'not-supported'].includes(error.code)) return false;
      throw error;
    }
  }

  #add(difference: Difference): void {
    if (this.#differences.length < (this.#options.limit ?? DEFAULT_LIMIT)) this.#differences.push(difference);
    else this.#more = true;
  }

  #progress(): CompareProgress {
    return { entriesCompared: this.#entries, bytesCompared: this.#bytes };
  }
}

/** The order in which a service lists a folder. */
function entryOrder(left: FileEntry, right: FileEntry): number {
  const folders = Number(right.kind === 'directory') - Number(left.kind === 'directory');
  return folders || compareNames(left.name, right.name);
}

/** A folder's time says only that an entry came or went, which is told by itself. */
function sameMetadata(left: FileEntry, right: FileEntry): boolean {
  const told = ({ kind, mode, owner, sid, attributes, modified }: FileEntry) =>
    JSON.stringify([mode, owner, sid, attributes, kind === 'file' ? modified : null]);
  return told(left) === told(right);
}

function joined(below: string, name: string): string {
  return below === '' ? name : `${below}/${name}`;
}
