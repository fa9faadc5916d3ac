import {
  type ArchiveFormat,
  type FileDetails,
  type FileListing,
  type FileListQuery,
  type FilePlace,
  type FileRead,
  type FileSearchQuery,
  type FileSearchResult,
  type FileSelection,
  type FileVolume,
  toAppError,
  type WalkedFile,
} from '../../contract/index.ts';
import type { ReadableDisk, VolumeLimits } from '../../volumes/index.ts';
import { archiveSelection } from '../archive/archive-selection.ts';
import { serviceClosed } from '../file-errors.ts';
import type { FileService } from '../file-service.ts';
import { walkSelection } from '../selection/walk-selection.ts';
import { abortable, cancelled } from './abortable.ts';
import { DirectoryListings } from './directory-listings.ts';
import { fileDetails } from './file-entry.ts';
import { nameOf, normalPath } from './file-path.ts';
import { OpenPoint } from './open-point.ts';
import { readFile } from './read-file.ts';
import { searchVolumes } from './search-volumes.ts';
import { typedStream } from './typed-stream.ts';
import { VolumeIndexes } from './volume-indexes.ts';

/** The disks of one machine at one time, in the guest's order. */
export interface OpenedDisks {
  readonly disks: readonly ReadableDisk[];
  /** Closes what they read from. */
  release(): Promise<void>;
}

export interface LocalFileServiceOptions {
  /** The disks in the guest's order, or what opens them when the first call comes. */
  readonly disks: readonly ReadableDisk[] | ((signal: AbortSignal) => Promise<OpenedDisks>);
  readonly limits?: FileServiceLimits;
  /** Closes what the disks read from; called once, by `close`, where the disks were given open. */
  readonly release?: () => Promise<void>;
}

/** Bounds on memory; everything has a default. */
export interface FileServiceLimits {
  readonly volumes?: Partial<VolumeLimits>;
  /** Entries of one volume's search index, about 80 bytes each. */
  readonly indexEntries?: number;
}

const DEFAULT_INDEX_ENTRIES = 10_000_000;

interface Opened {
  readonly release: () => Promise<void>;
  readonly point: OpenPoint;
  readonly listings: DirectoryListings;
  readonly indexes: VolumeIndexes;
}

/** A FileService over disks that can be read here. */
export class LocalFileService implements FileService {
  readonly #options: LocalFileServiceOptions;
  readonly #closed = new AbortController();
  #opening: Promise<Opened> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: LocalFileServiceOptions) {
    this.#options = options;
  }

  volumes(signal: AbortSignal): Promise<readonly FileVolume[]> {
    return this.#call(signal, async ({ point }) => point.shown);
  }

  list(query: FileListQuery, signal: AbortSignal): Promise<FileListing> {
    return this.#call(signal, ({ listings }, both) => listings.page(query, both));
  }

  details(place: FilePlace, signal: AbortSignal): Promise<FileDetails> {
    return this.#call(signal, async ({ point }, both) => {
      const volume = point.readableVolume(place.volumeId);
      const info = await volume.stat(await point.node(place, both), both);
      const path = normalPath(place.path);
      return fileDetails(volume, { name: nameOf(path), path }, info, both);
    });
  }

  search(query: FileSearchQuery, signal: AbortSignal): Promise<FileSearchResult> {
    return this.#call(signal, ({ point, indexes }, both) => searchVolumes(point, indexes, query, both));
  }

  read(request: FileRead, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#stream(signal, ({ point }, both) => readFile(point, request, both));
  }

  walk(selection: FileSelection, signal: AbortSignal): AsyncIterable<readonly WalkedFile[]> {
    return this.#stream(signal, ({ point }, both) => walkSelection(point, selection, both));
  }

  archive(selection: FileSelection, format: ArchiveFormat, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return archiveSelection(this, { selection, format }, signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#closed.abort();
    const opened = await this.#opening?.catch(() => undefined);
    await opened?.indexes.settled();
    await opened?.release();
    await this.#options.release?.();
  }

  /** A failed opening is tried again by the next call. */
  #opened(): Promise<Opened> {
    if (this.#closed.signal.aborted) return Promise.reject(serviceClosed());
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<Opened> {
    const { disks, limits } = this.#options;
    const { signal } = this.#closed;
    const source = typeof disks === 'function' ? await disks(signal) : { disks, release: nothing };
    try {
      const point = await OpenPoint.open({ disks: source.disks, limits: limits?.volumes ?? {}, signal });
      const limit = limits?.indexEntries ?? DEFAULT_INDEX_ENTRIES;
      return {
        point,
        listings: new DirectoryListings(point),
        indexes: new VolumeIndexes({ signal, limit }),
        release: () => source.release(),
      };
    } catch (error) {
      await source.release();
      throw error;
    }
  }

  async #call<Result>(
    signal: AbortSignal,
    work: (opened: Opened, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    try {
      const opened = await abortable(this.#opened(), signal);
      return await work(opened, AbortSignal.any([signal, this.#closed.signal]));
    } catch (thrown) {
      if (signal.aborted) throw cancelled();
      throw this.#closed.signal.aborted ? serviceClosed() : toAppError(thrown);
    }
  }

  #stream<Piece>(
    signal: AbortSignal,
    make: (opened: Opened, signal: AbortSignal) => AsyncIterable<Piece>,
  ): AsyncIterable<Piece> {
    const both = AbortSignal.any([signal, this.#closed.signal]);
    return typedStream(async () => make(await abortable(this.#opened(), signal), both), both);
  }
}

async function nothing(): Promise<void> {}
