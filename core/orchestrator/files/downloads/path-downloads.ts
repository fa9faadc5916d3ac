import { AppError, type Download, toAppError } from '../../../contract/index.ts';
import { type DownloadDeps, findDownload, hasEnded } from './download-deps.ts';
import { type LiveDownload, liveDownload } from './live-download.ts';
import { noteTaken } from './note-taken.ts';
import { discardSaved } from './save-download.ts';
import { type SaveRun, saveWithTries, sessionIsOver } from './save-run.ts';

/** Downloads that core writes to a path of this computer. Two run at a time; they survive a crash of core. */
export interface PathDownloads {
  find(downloadId: string): Download | null;
  /** Runs it as soon as there is room. */
  queue(downloadId: string): void;
  pause(download: Download): Promise<void>;
  /** Throws `conflict` unless it is paused or has failed. */
  resume(download: Download): void;
  /** Removes what it has written so far. */
  cancel(download: Download): Promise<void>;
  /** Removes what is left of one that has failed. */
  discard(download: Download): Promise<void>;
  close(): Promise<void>;
}

const mostRunning = 2;

interface Running extends SaveRun {
  readonly done: Promise<void>;
  readonly controller: AbortController;
}

/** Why a running download is stopped. */
type StopWish = 'pause' | 'cancel' | 'close';

export function createPathDownloads(deps: DownloadDeps): PathDownloads {
  const running = new Map<string, Running>();
  let waiting: string[] = [];
  let closing = false;
  const { log } = deps.context.host;

  const pump = (): void => {
    while (!closing && running.size < mostRunning) {
      const id = waiting.shift();
      if (id === undefined) return;
      launch(id);
    }
  };

  const launch = (id: string): void => {
    const { download, items } = findDownload(deps.context, id);
    const live = liveDownload(download, deps.context);
    const controller = new AbortController();
    const run: SaveRun = { live, items, signal: controller.signal, parts: [], recovery: null };
    const done = execute(deps, run, () => controller.signal.reason as StopWish)
      .catch((thrown: unknown) =>
        log('error', `A download could not be stored: ${toAppError(thrown).message}`),
      )
      .finally(() => {
        running.delete(id);
        pump();
      });
    running.set(id, Object.assign(run, { done, controller }));
  };

  const stop = async (id: string, wish: StopWish): Promise<void> => {
    waiting = waiting.filter((other) => other !== id);
    const active = running.get(id);
    active?.controller.abort(wish);
    await active?.done;
  };
  const current = (id: string): Download => findDownload(deps.context, id).download;

  return {
    find: (id) => running.get(id)?.live.value ?? null,
    queue(id) {
      waiting.push(id);
      queueMicrotask(pump);
    },
    async pause({ id }) {
      await stop(id, 'pause');
      const download = current(id);
      if (download.state === 'waiting') liveDownload(download, deps.context).rest('paused', null);
    },
    resume({ id, state, title }) {
      if (running.has(id) || waiting.includes(id)) return;
      if (state !== 'paused' && state !== 'failed') throw notResumable(title, state);
      liveDownload({ ...current(id), endedAt: null }, deps.context).rest('waiting', null);
      waiting.push(id);
      queueMicrotask(pump);
    },
    async cancel({ id }) {
      await stop(id, 'cancel');
      const download = current(id);
      if (download.state === 'done' || download.state === 'cancelled') return;
      await discardSaved(download);
      if (hasEnded(download)) return;
      liveDownload(download, deps.context).end('cancelled', {});
    },
    async discard(download) {
      if (download.state === 'failed' && download.target.kind === 'path') await discardSaved(download);
    },
    async close() {
      closing = true;
      await Promise.all([...running.keys()].map((id) => stop(id, 'close')));
    },
  };
}

async function execute(deps: DownloadDeps, run: SaveRun, wish: () => StopWish): Promise<void> {
  const { live, signal } = run;
  try {
    await saveWithTries(deps, run);
  } catch (thrown) {
    // Only what was kept for going on could not be removed.
    if (live.value.state === 'done') return;
    if (signal.aborted) await stopped(deps, run, wish());
    else if (run.recovery !== null && sessionIsOver(deps, live))
      live.rest('paused', sessionClosed().toRecord());
    else failed(deps, live, run, toAppError(thrown));
  }
}

async function stopped(deps: DownloadDeps, { live, parts }: SaveRun, wish: StopWish): Promise<void> {
  // A core that closes leaves it running: the next core goes on with it.
  if (wish === 'close') return live.change({});
  if (wish === 'pause') return live.rest('paused', null);
  await discardSaved(live.value).catch((thrown: unknown) =>
    live.problem('', `What was written could not be removed: ${toAppError(thrown).message}`),
  );
  live.end('cancelled', {});
  if (live.value.doneBytes > 0) noteTaken(deps, live, { parts, outcome: 'cancelled', whole: false });
}

function failed(deps: DownloadDeps, live: LiveDownload, { parts }: SaveRun, error: AppError): void {
  live.end('failed', { error: error.toRecord() });
  if (live.value.doneBytes > 0) noteTaken(deps, live, { parts, outcome: 'failed', whole: false });
}

function notResumable(title: string, state: Download['state']): AppError {
  return new AppError('conflict', {
    message: `The download of "${title}" is ${state} and cannot be resumed.`,
    hint: 'Start it again in the console.',
  });
}

function sessionClosed(): AppError {
  return new AppError('conflict', {
    message: 'The file recovery session was closed while this download ran.',
    hint: 'Resume it: the restore point is opened again.',
  });
}
