import {
  AppError,
  type Download,
  type FileSelection,
  type ParsedInput,
  type ProcedureOutput,
} from '../../../contract/index.ts';
import type { Core } from '../../../host.ts';
import { type DownloadDeps, findDownload, hasEnded } from './download-deps.ts';
import { liveDownload } from './live-download.ts';
import { newDownload } from './new-download.ts';
import { createPathDownloads } from './path-downloads.ts';
import { createStreamDownloads } from './stream-downloads.ts';

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
  forget(downloadId: string): Promise<void>;
  readonly open: Core['openDownload'];
  /** Takes up the downloads that an earlier core left unfinished. */
  takeUp(): void;
  /** Stops them where they are; the next core takes them up. */
  close(): Promise<void>;
}

export function createDownloadService(deps: DownloadDeps): DownloadService {
  const { database, events } = deps.context;
  const paths = createPathDownloads(deps);
  const streams = createStreamDownloads(deps);
  const roadOf = ({ target }: Download) => (target.kind === 'path' ? paths : streams);
  const shown = (download: Download): Download => roadOf(download).find(download.id) ?? download;
  const stored = (downloadId: string) => findDownload(deps.context, downloadId);
  return {
    async start(input, signal) {
      const recovery = deps.recoveries.use(input.sessionId);
      const { download, fileName } = await newDownload(deps.context, recovery, input, signal);
      refuseSameTarget(deps, download);
      const items: FileSelection = input.items;
      database.downloads.insert({ download, items });
      events.changed('download', download.id);
      if (download.target.kind === 'path') paths.queue(download.id);
      return { downloadId: download.id, fileName };
    },
    list: (filter) => database.downloads.list(filter).map(shown),
    get: (downloadId) => shown(stored(downloadId).download),
    async pause(downloadId) {
      await paths.pause(requirePath(stored(downloadId).download));
    },
    resume(downloadId) {
      paths.resume(requirePath(stored(downloadId).download));
    },
    async cancel(downloadId) {
      const { download } = stored(downloadId);
      await roadOf(download).cancel(download);
    },
    async forget(downloadId) {
      const { download } = stored(downloadId);
      if (!hasEnded(download)) throw stillRuns(download);
      await paths.discard(download);
      database.downloads.remove(downloadId);
      events.changed('download', downloadId);
    },
    open: (downloadId, range, signal) => streams.open(stored(downloadId), range, signal),
    takeUp() {
      for (const { download } of database.downloads.inStates(['running', 'waiting', 'paused'])) {
        if (download.target.kind === 'stream')
          liveDownload(download, deps.context).end('failed', { error: interrupted().toRecord() });
        else if (download.state !== 'paused') {
          liveDownload(download, deps.context).rest('waiting', null);
          paths.queue(download.id);
        }
      }
    },
    async close() {
      await Promise.all([paths.close(), streams.close()]);
    },
  };
}

function requirePath(download: Download): Download {
  if (download.target.kind === 'path') return download;
  throw new AppError('not-supported', {
    message: 'A download of the browser is paused and resumed in the browser.',
    hint: "Use the browser's own list of downloads.",
  });
}

/** Two that write to one place would destroy each other's work. */
function refuseSameTarget({ context }: DownloadDeps, { target }: Download): void {
  if (target.kind !== 'path') return;
  const active = context.database.downloads.inStates(['waiting', 'running', 'paused']);
  const other = active.find(
    ({ download }) =>
      download.target.kind === 'path' &&
      download.target.path === target.path &&
      download.form.kind !== 'folder',
  );
  if (!other) return;
  throw new AppError('conflict', {
    message: `Another download is being saved to ${target.path}.`,
    hint: 'Choose another name, or cancel that download.',
    details: { field: 'target', downloadId: other.download.id },
  });
}

function stillRuns({ title }: Download): AppError {
  return new AppError('conflict', {
    message: `The download of "${title}" has not ended.`,
    hint: 'Cancel it first.',
  });
}

function interrupted(): AppError {
  return new AppError('cancelled', {
    message: 'Cairn was stopped while the browser was downloading.',
    hint: 'Start the download again.',
  });
}
