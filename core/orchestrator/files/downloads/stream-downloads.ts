import { AppError, type Download, type FileSelection, toAppError } from '../../../contract/index.ts';
import type { DownloadRecord } from '../../../db/index.ts';
import type { DownloadRange, DownloadStream } from '../../../host.ts';
import type { UsedRecovery } from '../file-recovery-service.ts';
import type { TakenPart } from '../taken-record.ts';
import { countSelection } from './count-selection.ts';
import { type DownloadDeps, hasEnded } from './download-deps.ts';
import { type EndState, type LiveDownload, liveDownload } from './live-download.ts';
import { noteTaken } from './note-taken.ts';
import { openStream, type StreamedDownload, streamedDownload } from './stream-download.ts';

/** Downloads that a browser fetches by their id. A single file may be fetched in parts; an archive in one go. */
export interface StreamDownloads {
  find(downloadId: string): Download | null;
  open(record: DownloadRecord, range: DownloadRange | null, signal: AbortSignal): Promise<DownloadStream>;
  cancel(download: Download): Promise<void>;
  close(): Promise<void>;
}

/** Fetched at the same time. */
const mostFetches = 4;

interface Active {
  readonly streamed: StreamedDownload;
  readonly live: LiveDownload;
  readonly items: FileSelection;
  /** What each item takes along; null when that could not be counted. */
  readonly parts: Promise<TakenPart[] | null>;
  readonly cancelled: AbortController;
}

export function createStreamDownloads(deps: DownloadDeps): StreamDownloads {
  const active = new Map<string, Active>();

  const begin = ({ download, items }: DownloadRecord, recovery: UsedRecovery): Active => {
    const known = active.get(download.id);
    if (known) return known;
    const live = liveDownload(download, deps.context);
    const cancelled = new AbortController();
    const ended = AbortSignal.any([recovery.ended, cancelled.signal]);
    const parts = counted(live, recovery, items, ended);
    const begun: Active = { streamed: streamedDownload(live, items), live, items, parts, cancelled };
    active.set(download.id, begun);
    recovery.ended.addEventListener(
      'abort',
      () => void settle(begun, 'cancelled', { error: sessionClosed() }),
      { once: true },
    );
    return begun;
  };

  /** The end of it, once; what had left until then is written down. Never rejects. */
  const settle = async (begun: Active, state: EndState, more: Ending = {}): Promise<void> => {
    if (!active.delete(begun.live.value.id)) return;
    const { live, items } = begun;
    const parts = (await begun.parts) ?? uncounted(items, live.value.doneBytes);
    try {
      deps.context.database.transaction(() => {
        if (state === 'done') endWhole(live, more.sha256 ?? null);
        else live.end(state, { error: more.error?.toRecord() ?? null });
        const whole = state === 'done';
        const outcome = whole && live.value.problems.length === 0 ? 'done' : 'partial';
        if (live.value.doneBytes > 0 || whole) noteTaken(deps, live, { parts, outcome, whole });
      });
    } catch (thrown) {
      deps.context.host.log('error', `A download could not be stored: ${toAppError(thrown).message}`);
    }
  };

  /** A single file waits for the browser to go on; an archive cannot. */
  const broken = (begun: Active, error: AppError | null): void => {
    if (error === null && begun.live.value.form.kind === 'file') begun.live.rest('paused', null);
    else if (error === null) void settle(begun, 'cancelled');
    else void settle(begun, 'failed', { error });
  };

  return {
    find: (downloadId) => active.get(downloadId)?.live.value ?? null,
    async open(record, range, signal) {
      const { download } = record;
      if (download.target.kind !== 'stream') throw notStreamed(download);
      if (hasEnded(download)) throw ended(download);
      const fetching = [...active.values()].filter(({ streamed }) => streamed.fetching);
      if (fetching.length >= mostFetches) throw tooMany();
      const recovery = deps.recoveries.use(download.sessionId);
      const begun = begin(record, recovery);
      return openStream(begun.streamed, recovery, {
        range,
        signal: AbortSignal.any([signal, begun.cancelled.signal]),
        onDone: (sha256) => void settle(begun, 'done', { sha256 }),
        onBroken: (error) => broken(begun, error),
      });
    },
    async cancel(download) {
      if (hasEnded(download)) return;
      const begun = active.get(download.id);
      if (begun) {
        const settled = settle(begun, 'cancelled');
        begun.cancelled.abort();
        await settled;
      } else liveDownload(download, deps.context).end('cancelled', {});
    },
    async close() {
      const all = [...active.values()];
      const settled = all.map((begun) => settle(begun, 'failed', { error: coreCloses() }));
      for (const { cancelled } of all) cancelled.abort();
      await Promise.all(settled);
    },
  };
}

interface Ending {
  readonly sha256?: string | null;
  readonly error?: AppError;
}

function endWhole(live: LiveDownload, sha256: string | null): void {
  const { doneBytes, totalFiles } = live.value;
  live.end('done', { sha256, totalBytes: doneBytes, doneBytes, doneFiles: totalFiles });
}

/** What it takes along, counted beside the stream. */
async function counted(
  live: LiveDownload,
  { service }: UsedRecovery,
  items: FileSelection,
  signal: AbortSignal,
): Promise<TakenPart[] | null> {
  try {
    const parts = await countSelection(service, { id: live.value.id, items }, signal);
    const sum = (of: 'files' | 'bytes') => parts.reduce((total, part) => total + part[of], 0);
    if (live.value.form.kind !== 'file') live.change({ totalBytes: sum('bytes'), totalFiles: sum('files') });
    return parts;
  } catch {
    return null;
  }
}

/** All that is known then is how much has left. */
function uncounted(items: FileSelection, bytes: number): TakenPart[] {
  return items.map((item, index) => ({ ...item, files: 0, bytes: index === 0 ? bytes : 0 }));
}

function notStreamed({ title }: Download): AppError {
  return new AppError('conflict', { message: `"${title}" is saved to a folder and cannot be fetched.` });
}

function ended({ title }: Download): AppError {
  return new AppError('conflict', {
    message: `The download of "${title}" has ended.`,
    hint: 'Start it again in the console.',
  });
}

function tooMany(): AppError {
  return new AppError('throttled', {
    message: `${mostFetches} downloads are running already.`,
    hint: 'Wait until one of them has ended.',
    retryable: true,
  });
}

function sessionClosed(): AppError {
  return new AppError('conflict', {
    message: 'The file recovery session was closed.',
    hint: 'Open the restore point again.',
  });
}

function coreCloses(): AppError {
  return new AppError('cancelled', {
    message: 'Cairn was closed while the browser was downloading.',
    hint: 'Start the download again.',
  });
}
