/** From an open restore point to its files: one service on every road, archives, safe names. */

export { bytesOfText } from '../volumes/index.ts';
export { archiveSelection } from './archive/archive-selection.ts';
export type { ArchiveEntry } from './archive/archive-writer.ts';
export { TarWriter } from './archive/tar-writer.ts';
export {
  type ComparedPlace,
  type CompareOptions,
  type CompareProgress,
  comparePlaces,
  type PlaceComparison,
} from './compare/compare-places.ts';
export { folderEntries } from './compare/folder-entries.ts';
export type { FileService } from './file-service.ts';
export { safeNames } from './names/safe-names.ts';
export {
  createServerCertificate,
  type FileServer,
  openFileServer,
  openRemoteFiles,
  type TakenOverLink,
} from './remote/index.ts';
export { discardSave } from './save/discard-save.ts';
export { type SavedArchive, saveArchive } from './save/save-archive.ts';
export { type SavedContent, saveFile } from './save/save-file.ts';
export type {
  SavedFile,
  SavedSelection,
  SaveOptions,
  SaveProgress,
  SaveReport,
} from './save/save-options.ts';
export { saveSelection } from './save/save-selection.ts';
export { DistinctEntries } from './selection/distinct-entries.ts';
export { openedFiles } from './selection/opened-files.ts';
export { createFileService } from './service/create-file-service.ts';
export { fileTimeNanoseconds } from './service/file-time.ts';
export type {
  FileServiceLimits,
  LocalFileServiceOptions,
  OpenedDisks,
} from './service/local-file-service.ts';
export {
  type FilesThreadSource,
  type OpenFilesThreadOptions,
  openFilesThread,
} from './thread/open-files-thread.ts';
