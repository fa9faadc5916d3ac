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
} from '../contract/index.ts';

/**
 * One restore point opened for its files, whatever the road: read in this process, on a thread of it, or by a worker
 * over HTTPS. Everything throws AppError only; streams stop when their signal is aborted or when their reader stops.
 */
export interface FileService {
  volumes(signal: AbortSignal): Promise<readonly FileVolume[]>;
  list(query: FileListQuery, signal: AbortSignal): Promise<FileListing>;
  details(place: FilePlace, signal: AbortSignal): Promise<FileDetails>;
  /** Answers at once with what is indexed; builds what is missing in the background. */
  search(query: FileSearchQuery, signal: AbortSignal): Promise<FileSearchResult>;
  /** The bytes of a file in pieces of at most a few MiB, in order. Holes come as zeros. */
  read(request: FileRead, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Everything that a selection takes along, in batches, parents before children. */
  walk(selection: FileSelection, signal: AbortSignal): AsyncIterable<readonly WalkedFile[]>;
  /** The selection as one archive. What cannot be read is left out and named in a last entry of the archive. */
  archive(selection: FileSelection, format: ArchiveFormat, signal: AbortSignal): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}
