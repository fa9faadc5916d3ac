import { type FileEntry, type FileListing, type FileListQuery, toAppError } from '../../contract/index.ts';
import { joinPath, type ListedNode, type NodeId, type Volume } from '../../volumes/index.ts';
import { BoundedMap } from './bounded-map.ts';
import { bareEntry, fileEntry, problemOf } from './file-entry.ts';
import { normalPath } from './file-path.ts';
import { nameFilter } from './name-filter.ts';
import { compareNames } from './name-order.ts';
import type { OpenPoint } from './open-point.ts';

/** Rows kept of all listings together; about 200 bytes each. */
const KEPT_ROWS = 300_000;
/** Sorted and filtered views kept; 8 bytes for each of their rows. */
const KEPT_VIEW_ROWS = 2_000_000;

/** What sorting and filtering need of an entry; the rest is read for the page that is shown. */
interface Row {
  readonly name: string;
  readonly node: NodeId;
  readonly kind: ListedNode['kind'];
  readonly size: number;
  readonly modified: bigint;
  readonly problem: string | undefined;
}

interface Folder {
  readonly rows: readonly Row[];
  /** Why rows may be missing. */
  readonly problem: string | null;
}

/** Pages of sorted folders; a folder is read once for all pages that are asked for soon after. */
export class DirectoryListings {
  readonly #point: OpenPoint;
  readonly #folders = new BoundedMap<Folder>(KEPT_ROWS, ({ rows }) => rows.length + 100);
  readonly #views = new BoundedMap<readonly Row[]>(KEPT_VIEW_ROWS, (rows) => rows.length + 100);
  readonly #reading = new Map<string, Promise<Folder>>();

  constructor(point: OpenPoint) {
    this.#point = point;
  }

  async page(query: FileListQuery, signal: AbortSignal): Promise<FileListing> {
    const path = normalPath(query.path);
    const volume = this.#point.volume(query.volumeId);
    const { rows, problem } = await this.#directory(volume, path, signal);
    const view = this.#view(rows, path, query);
    const shown = view.slice(query.offset, query.offset + query.limit);
    const entries = await Promise.all(shown.map((row) => this.#entry(volume, path, row, signal)));
    return { entries, total: view.length, unfiltered: rows.length, problem };
  }

  async #directory(volume: Volume, path: string, signal: AbortSignal): Promise<Folder> {
    const key = `${volume.facts.id}:${path}`;
    const known = this.#folders.get(key);
    if (known !== undefined) return known;
    const shared = await this.#reading.get(key)?.catch(() => undefined);
    if (shared !== undefined) return shared;
    const reading = this.#read(volume, path, signal);
    this.#reading.set(key, reading);
    try {
      const folder = await reading;
      this.#folders.set(key, folder);
      return folder;
    } finally {
      if (this.#reading.get(key) === reading) this.#reading.delete(key);
    }
  }

  /** A folder of which a part is damaged is what the other parts hold, and says so. */
  async #read(volume: Volume, path: string, signal: AbortSignal): Promise<Folder> {
    const directory = await this.#point.node({ volumeId: volume.facts.id, path }, signal);
    const rows: Row[] = [];
    try {
      for await (const batch of volume.listBatches(directory, signal)) rows.push(...batch.map(rowOf));
      return { rows, problem: null };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'damaged' || rows.length === 0) throw error;
      return { rows, problem: error.message };
    }
  }

  #view(rows: readonly Row[], path: string, query: FileListQuery): readonly Row[] {
    const { volumeId, order, descending, filter } = query;
    const key = JSON.stringify([volumeId, path, order, descending, filter.toLowerCase()]);
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const passes = nameFilter(filter);
    const view = rows.filter(({ name }) => passes(name)).sort(rowOrder(order, descending));
    this.#views.set(key, view);
    return view;
  }

  async #entry(volume: Volume, directory: string, row: Row, signal: AbortSignal): Promise<FileEntry> {
    const place = { name: row.name, path: joinPath(directory, row.name) };
    this.#point.remember(volume.facts.id, place.path, row.node);
    if (row.problem !== undefined) return bareEntry(place, { kind: row.kind, problem: row.problem });
    try {
      return await fileEntry(volume, place, await volume.stat(row.node, signal), signal);
    } catch (error) {
      return bareEntry(place, { kind: row.kind, problem: problemOf(error) });
    }
  }
}

function rowOf({ name, id, kind, info, problem }: ListedNode): Row {
  return {
    name: name.text,
    node: id,
    kind,
    size: info?.size ?? 0,
    modified: info?.times.modified ?? 0n,
    problem,
  };
}

type RowOrder = (left: Row, right: Row) => number;

const orders: Readonly<Record<FileListQuery['order'], RowOrder>> = {
  name: () => 0,
  size: (left, right) => left.size - right.size,
  modified: (left, right) => (left.modified < right.modified ? -1 : left.modified > right.modified ? 1 : 0),
  kind: (left, right) =>
    compareNames(left.kind ?? '', right.kind ?? '') ||
    compareNames(extension(left.name), extension(right.name)),
};

/** Folders first, whatever the direction; what is alike is in the order of names. */
function rowOrder(order: FileListQuery['order'], descending: boolean): RowOrder {
  const sign = descending ? -1 : 1;
  const own = orders[order];
  return (left, right) =>
    Number(right.kind === 'directory') - Number(left.kind === 'directory') ||
    sign * (own(left, right) || compareNames(left.name, right.name));
}

function extension(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}
