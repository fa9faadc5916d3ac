import type {
  ArchiveFormat,
  FileDetails,
  FileListing,
  FileListQuery,
  FilePlace,
  FileRead,
  FileSearchQuery,
  FileSearchResult,
  FileSelection,
  FileVolume,
  WalkedFile,
} from '../../contract/index.ts';
import type { FileService } from '../file-service.ts';
import type { FilesThread } from './files-thread-host.ts';

/** A file service that lives on a thread; what it answers was made by our own code, so it is taken as it is. */
export class ThreadFileService implements FileService {
  readonly #thread: FilesThread;

  constructor(thread: FilesThread) {
    this.#thread = thread;
  }

  volumes(signal: AbortSignal): Promise<readonly FileVolume[]> {
    return this.#thread.call('volumes', undefined, signal) as Promise<readonly FileVolume[]>;
  }

  list(query: FileListQuery, signal: AbortSignal): Promise<FileListing> {
    return this.#thread.call('list', query, signal) as Promise<FileListing>;
  }

  details(place: FilePlace, signal: AbortSignal): Promise<FileDetails> {
    return this.#thread.call('details', place, signal) as Promise<FileDetails>;
  }

  search(query: FileSearchQuery, signal: AbortSignal): Promise<FileSearchResult> {
    return this.#thread.call('search', query, signal) as Promise<FileSearchResult>;
  }

  read(request: FileRead, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#thread.stream('read', request, signal) as AsyncIterable<Uint8Array>;
  }

  walk(selection: FileSelection, signal: AbortSignal): AsyncIterable<readonly WalkedFile[]> {
    return this.#thread.stream('walk', selection, signal) as AsyncIterable<readonly WalkedFile[]>;
  }

  archive(selection: FileSelection, format: ArchiveFormat, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#thread.stream('archive', { selection, format }, signal) as AsyncIterable<Uint8Array>;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
