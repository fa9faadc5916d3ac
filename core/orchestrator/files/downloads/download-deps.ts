import { AppError, type Download } from '../../../contract/index.ts';
import type { DownloadRecord } from '../../../db/index.ts';
import type { OrchestratorContext } from '../../context.ts';
import type { FileRecoveryService } from '../file-recovery-service.ts';

export interface DownloadDeps {
  readonly context: OrchestratorContext;
  readonly recoveries: FileRecoveryService;
  /** Milliseconds before each further try after a failure that may pass. */
  readonly pauses: readonly number[];
}

/** Throws `not-found`. */
export function findDownload({ database }: OrchestratorContext, downloadId: string): DownloadRecord {
  const record = database.downloads.find(downloadId);
  if (record) return record;
  throw new AppError('not-found', {
    message: 'There is no such download.',
    hint: 'Look at the list of downloads again.',
  });
}

export function hasEnded({ state }: Download): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
