/** From an open restore point to its files: one service on every road, archives, safe names. */
export { archiveSelection } from './archive/archive-selection.ts';
export type { FileService } from './file-service.ts';
export { safeNames } from './names/safe-names.ts';
export { repositoryDisks } from './repository/repository-disks.ts';
export { createFileService } from './service/create-file-service.ts';
export type { FileServiceLimits, LocalFileServiceOptions } from './service/local-file-service.ts';
