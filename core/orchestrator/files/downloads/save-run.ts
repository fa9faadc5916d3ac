import path from 'node:path';
import { AppError, type Download, type FileSelection, toAppError } from '../../../contract/index.ts';
import { isWorthAnotherTry } from '../../../domain/index.ts';
import type { SaveReport } from '../../../files/index.ts';
import type { UsedRecovery } from '../file-recovery-service.ts';
import { whenOpen } from '../when-open.ts';
import { type CountedPart, countSelection } from './count-selection.ts';
import type { DownloadDeps } from './download-deps.ts';
import type { LiveDownload } from './live-download.ts';
import { noteTaken } from './note-taken.ts';
import { saveDownload } from './save-download.ts';
import { takenFiles } from './taken-files.ts';
import { checkSpace, checkTarget } from './target-path.ts';

/** One run of a download to a path: from its start, from a resumption or from a restart of core, to where it stops. */
export interface SaveRun {
  readonly live: LiveDownload;
  readonly items: FileSelection;
  readonly signal: AbortSignal;
  /** What each selected item takes along, once it was counted. */
  parts: readonly CountedPart[];
  /** The session it reads from, once that is open. */
  recovery: UsedRecovery | null;
}

/** Saves it, and stores and records that it is done; a failure that may pass is tried again, and every try that gets further starts the tries anew. */
export async function saveWithTries(deps: DownloadDeps, run: SaveRun): Promise<void> {
  const { live, signal } = run;
  let reached = live.value.doneBytes;
  for (let tries = 0; ; tries += 1) {
    try {
      return await saveOnce(deps, run);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (live.value.doneBytes > reached) tries = 0;
      reached = Math.max(reached, live.value.doneBytes);
      const pause = deps.pauses[tries];
      const over = signal.aborted || sessionIsOver(deps, live);
      if (over || pause === undefined || !isWorthAnotherTry(error)) throw error;
      live.change({ error: error.toRecord() });
      await deps.context.host.clock.sleep(pause, signal);
    }
  }
}

async function saveOnce(deps: DownloadDeps, run: SaveRun): Promise<void> {
  const { live, items } = run;
  live.change({ state: 'running', error: null });
  const recovery = await reopened(deps, run);
  run.recovery = recovery;
  const signal = AbortSignal.any([run.signal, recovery.ended]);
  run.parts = await countSelection(recovery.service, { id: live.value.id, items }, signal);
  const sum = (of: 'files' | 'bytes') => run.parts.reduce((total, part) => total + part[of], 0);
  live.change({ totalBytes: sum('bytes'), totalFiles: sum('files') });
  await checkRoom(deps, live.value);
  const files = takenFiles(deps.context.database, run.parts);
  const onSaved = (report: SaveReport) => {
    files.flush();
    endSaved(deps, run, report);
  };
  await saveDownload({ live, items, recovery, signal, onFile: files.add, onSaved });
}

/** Whether its session is closed, or about to be: reads are refused before anything else tells so. */
export function sessionIsOver({ recoveries }: DownloadDeps, { value }: LiveDownload): boolean {
  const { state } = recoveries.get(value.sessionId);
  return state !== 'open' && state !== 'opening';
}

/** One transaction: nothing is done without a record of it, and nothing is recorded twice. */
function endSaved(deps: DownloadDeps, { live, parts }: SaveRun, report: SaveReport): void {
  const { sha256, bytes, files } = report;
  // An archive is one file on this computer and many in the guest: those count.
  const doneFiles = live.value.form.kind === 'archive' ? live.value.totalFiles : files;
  deps.context.database.transaction(() => {
    live.change({ sha256, doneBytes: bytes, totalBytes: bytes, doneFiles, totalFiles: doneFiles });
    const perfect = live.value.problems.length === 0;
    const whole = perfect || live.value.form.kind === 'archive';
    noteTaken(deps, live, { parts, outcome: perfect ? 'done' : 'partial', whole });
    live.end('done', {});
  });
}

/** The session that a download was started in, or a new one for the same point when that has ended. */
async function reopened(deps: DownloadDeps, { live, signal }: SaveRun): Promise<UsedRecovery> {
  const { recoveries } = deps;
  const { sessionId, pointId } = live.value;
  const { road, source, state } = recoveries.get(sessionId);
  if (state === 'opening' || state === 'open') return whenOpen(deps, sessionId, signal);
  const opened = recoveries.open({ pointId, road, source, idleMinutes: 30 });
  live.change({ sessionId: opened });
  return whenOpen(deps, opened, signal);
}

/** The target may have changed since it was asked for: a disk that is full now, a folder that became a link. */
async function checkRoom({ context }: DownloadDeps, download: Download): Promise<void> {
  const { target, form, totalBytes, doneBytes } = download;
  if (target.kind !== 'path') throw new AppError('internal', { message: 'This download has no path.' });
  const kind = form.kind === 'folder' ? 'folder' : 'file';
  const { dataDirectory } = context.host;
  const folder = await checkTarget({
    path: path.resolve(target.path),
    // What is there was looked at before it began; saving looks again, and knows its own work.
    replace: true,
    kind,
    dataDirectory,
  });
  if (form.kind !== 'archive') await checkSpace(folder, Math.max(0, totalBytes - doneBytes));
}
