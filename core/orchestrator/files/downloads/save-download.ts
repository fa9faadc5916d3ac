import { AppError, type Download, type FileSelection } from '../../../contract/index.ts';
import type { FileService } from '../../../files/index.ts';
import type { LiveDownload } from './live-download.ts';

/** What was written. */
export interface Saved {
  /** Of the file or the archive; null for a folder. */
  readonly sha256: string | null;
  readonly bytes: number;
  readonly files: number;
}

export interface SaveJob {
  readonly live: LiveDownload;
  readonly items: FileSelection;
  readonly service: FileService;
  readonly signal: AbortSignal;
}

/** Writes a download to its path, going on where an earlier run stopped. */
export async function saveDownload(_job: SaveJob): Promise<Saved> {
  throw new AppError('not-supported', { message: 'Saving is not available yet.' });
}

/** Removes what an unfinished download has written. */
export async function discardSaved(_download: Download): Promise<void> {}
