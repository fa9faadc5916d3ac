import { invalidInput, stopIfAborted } from '../disk/index.ts';
import { joinPath, type NodeId, type NodeKind } from '../tree/index.ts';
import { globTest, pathGlobTest } from './glob.ts';
import { INDEXED_KINDS, type IndexColumns, NO_PARENT } from './index-columns.ts';

export interface SearchQuery {
  /**
   * Any part of a name. With `*` or `?` a pattern for the whole name. With a slash it is about the path:
   * any part of it, or a pattern with `**` for any number of folders. Case never matters.
   */
  readonly text: string;
  /** Only this folder and what is below it. */
  readonly below?: NodeId;
  readonly kind?: NodeKind;
  /** Bytes, both inclusive. */
  readonly minSize?: number;
  readonly maxSize?: number;
  /** Milliseconds since 1970, both inclusive. */
  readonly modifiedFrom?: number;
  readonly modifiedTo?: number;
  /** Most results, 1 to 100,000. */
  readonly limit: number;
}

export interface SearchHit {
  readonly id: NodeId;
  readonly path: string;
  readonly kind: NodeKind;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number | undefined;
}

export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** True when there are more than the limit. */
  readonly more: boolean;
}

/** How many entries are looked at before others get a turn. */
const PAUSE_EVERY = 200_000;

/** Names, sizes and times of all entries of one volume, for searching. Read-only once built. */
export class FileIndex {
  readonly columns: IndexColumns;
  readonly #names: Buffer;
  readonly #folded: Buffer;

  constructor(columns: IndexColumns) {
    this.columns = columns;
    const { names, folded } = columns;
    this.#names = Buffer.from(names.buffer, names.byteOffset, names.length);
    this.#folded = Buffer.from(folded.buffer, folded.byteOffset, folded.length);
  }

  /** Entries in the index. */
  get count(): number {
    return this.columns.ids.length;
  }

  /**
   * @throws AppError `invalid-input` or `cancelled`
   */
  async search(query: SearchQuery, signal: AbortSignal): Promise<SearchResult> {
    if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > 100_000)
      throw invalidInput('limit', 'must be between 1 and 100000');
    const hits: SearchHit[] = [];
    const inside = query.below === undefined ? undefined : this.#insideOf(query.below);
    let looked = 0;
    for (const row of this.#rows(query.text.toLowerCase())) {
      if (++looked % PAUSE_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
      stopIfAborted(signal);
      if (row === undefined || inside?.[row] === 0 || !this.#passes(row, query)) continue;
      if (hits.length === query.limit) return { hits, more: true };
      hits.push(this.hit(row));
    }
    return { hits, more: false };
  }

  hit(row: number): SearchHit {
    const modified = this.columns.modified[row] ?? Number.NaN;
    return {
      id: this.columns.ids[row] ?? 0,
      path: joinPath(this.#directoryOf(row), this.#name(row)),
      kind: INDEXED_KINDS[this.columns.kinds[row] ?? 0] ?? 'other',
      size: this.columns.sizes[row] ?? 0,
      modified: Number.isNaN(modified) ? undefined : modified,
    };
  }

  /** Rows whose name or path fits; undefined for one that was looked at and does not. */
  #rows(text: string): Iterable<number | undefined> {
    const isGlob = /[*?]/.test(text);
    if (text.includes('/')) return this.#byPath(isGlob ? pathGlobTest(text) : (path) => path.includes(text));
    return isGlob ? this.#byName(globTest(text)) : this.#bySubstring(Buffer.from(text));
  }

  *#bySubstring(text: Buffer): Iterable<number | undefined> {
    if (text.length === 0) {
      for (let row = 0; row < this.count; row++) yield row;
      return;
    }
    if (text.includes(0)) return;
    for (let at = this.#folded.indexOf(text); at >= 0; ) {
      const row = this.#rowAt(at);
      yield row;
      at = this.#folded.indexOf(text, this.columns.foldedEnds[row] ?? this.#folded.length);
    }
  }

  *#byName(test: (name: string) => boolean): Iterable<number | undefined> {
    for (let row = 0; row < this.count; row++) yield test(this.#foldedName(row)) ? row : undefined;
  }

  /** The entries of a directory stand together, so its path is made once for all of them. */
  *#byPath(test: (path: string) => boolean): Iterable<number | undefined> {
    let parent = -1;
    let directory = '';
    for (let row = 0; row < this.count; row++) {
      const own = this.columns.parents[row] ?? NO_PARENT;
      if (own !== parent) {
        parent = own;
        directory = this.#directoryOf(row).toLowerCase();
      }
      yield test(joinPath(directory, this.#foldedName(row))) ? row : undefined;
    }
  }

  /** For every row 1 when it is this folder or below it; a parent's row is always before its children's. */
  #insideOf(directory: NodeId): Uint8Array {
    const { ids, kinds, parents } = this.columns;
    const folder = INDEXED_KINDS.indexOf('directory');
    const inside = new Uint8Array(this.count);
    for (let row = 0; row < inside.length; row++) {
      const own = ids[row] === directory && kinds[row] === folder;
      inside[row] = own ? 1 : (inside[parents[row] ?? NO_PARENT] ?? 0);
    }
    return inside;
  }

  #passes(row: number, query: SearchQuery): boolean {
    const size = this.columns.sizes[row] ?? 0;
    const modified = this.columns.modified[row] ?? Number.NaN;
    if (query.kind !== undefined && INDEXED_KINDS[this.columns.kinds[row] ?? 0] !== query.kind) return false;
    if (query.minSize !== undefined && !(size >= query.minSize)) return false;
    if (query.maxSize !== undefined && !(size <= query.maxSize)) return false;
    if (query.modifiedFrom !== undefined && !(modified >= query.modifiedFrom)) return false;
    return query.modifiedTo === undefined || modified <= query.modifiedTo;
  }

  /** A parent's row is always before its children's, so the way up ends. */
  #directoryOf(row: number): string {
    const parts: string[] = [];
    for (let at = this.columns.parents[row] ?? NO_PARENT; at !== NO_PARENT; ) {
      parts.unshift(this.#name(at));
      at = this.columns.parents[at] ?? NO_PARENT;
    }
    return `/${parts.join('/')}`;
  }

  #name(row: number): string {
    const start = row === 0 ? 0 : (this.columns.nameEnds[row - 1] ?? 0) + 1;
    return this.#names.toString('utf8', start, this.columns.nameEnds[row]);
  }

  #foldedName(row: number): string {
    const start = row === 0 ? 0 : (this.columns.foldedEnds[row - 1] ?? 0) + 1;
    return this.#folded.toString('utf8', start, this.columns.foldedEnds[row]);
  }

  /** The row whose lower-case name covers a byte. */
  #rowAt(at: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.columns.foldedEnds[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
