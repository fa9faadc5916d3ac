import { AppError, type Download, type ParsedInput, type ProcedureOutput } from '../../../contract/index.ts';
import type { Core } from '../../../host.ts';
import type { OrchestratorContext } from '../../context.ts';

/** Files on their way out of restore points. Throws AppError only. */
export interface DownloadService {
  start(
    input: ParsedInput<'download.start'>,
    signal: AbortSignal,
  ): Promise<ProcedureOutput<'download.start'>>;
  list(filter: ParsedInput<'download.list'>): Download[];
  get(downloadId: string): Download;
  pause(downloadId: string): Promise<void>;
  resume(downloadId: string): void;
  cancel(downloadId: string): Promise<void>;
  forget(downloadId: string): void;
  readonly open: Core['openDownload'];
}

export function createDownloadService({ database }: OrchestratorContext): DownloadService {
  const refuse = (): never => {
    throw new AppError('not-supported', { message: 'Downloads are not available yet.' });
  };
  const get = (downloadId: string): Download => {
    const record = database.downloads.find(downloadId);
    if (record) return record.download;
    throw new AppError('not-found', { message: 'There is no such download.' });
  };
  return {
    start: async () => refuse(),
    list: (filter) => [...database.downloads.list(filter)],
    get,
    pause: async () => refuse(),
    resume: refuse,
    cancel: async () => refuse(),
    forget: refuse,
    open: async () => refuse(),
  };
}
