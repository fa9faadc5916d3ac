import type { FileService } from '../file-service.ts';
import { LocalFileService, type LocalFileServiceOptions } from './local-file-service.ts';

/** The files of some disks, read in this process. The volumes are opened by the first call. */
export function createFileService(options: LocalFileServiceOptions): FileService {
  return new LocalFileService(options);
}
