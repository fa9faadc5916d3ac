import path from 'node:path';
import { AppError, type Download, type FileSelection } from '../../../contract/index.ts';
import {
  discardSave,
  type SavedFile,
  type SaveOptions,
  type SaveReport,
  saveArchive,
  saveFile,
  saveSelection,
} from '../../../files/index.ts';
import type { UsedRecovery } from '../file-recovery-service.ts';
import { archiveOf } from './archive-of.ts';
import type { LiveDownload } from './live-download.ts';

export interface SaveJob {
  readonly live: LiveDownload;
  readonly items: FileSelection;
  readonly recovery: UsedRecovery;
  readonly signal: AbortSignal;
  /** Called for every file of a folder that is complete. */
  readonly onFile: (file: SavedFile) => void;
  /** Called when all is written; its end is stored then, so that a crash after that changes nothing. */
  readonly onSaved: (report: SaveReport) => void;
}

/** Writes a download to its path, going on where an earlier run stopped. */
export async function saveDownload(job: SaveJob): Promise<void> {
  const { live, signal, onFile } = job;
  const { form, id } = live.value;
  const { path: target, replace } = pathOf(live.value);
  const options = {
    id,
    signal,
    existing: replace ? 'replace' : 'keep',
    onProgress: (progress) => live.advance(progress),
    onSaved(report) {
      for (const { path: file, reason } of report.problems) live.problem(file, reason);
      for (const { from, to } of report.renamed) live.renamed(from, to);
      job.onSaved(report);
    },
    ...(form.kind === 'folder' ? { onFile } : {}),
  } satisfies SaveOptions;
  await saveByForm(job, target, options);
}

function saveByForm(
  { live, items, recovery }: SaveJob,
  target: string,
  options: SaveOptions,
): Promise<SaveReport> {
  const { form } = live.value;
  const { service } = recovery;
  const [first] = items;
  if (form.kind === 'folder') return saveSelection(service, { selection: items, folder: target }, options);
  if (form.kind === 'file' && first) return saveFile(service, { ...first, target }, options);
  if (form.kind !== 'archive') throw new AppError('internal', { message: 'Nothing was chosen.' });
  const archive = archiveOf(recovery, {
    onContent: (bytes) => live.advance({ bytes, files: live.value.doneFiles }),
    onLeftOut: (file, reason) => live.problem(file, reason),
  });
  const what = { selection: items, format: form.format, target };
  if (recovery.worker) return saveArchive({ archive }, what, options);
  // What was read says more than what is written: the archive is smaller than its content.
  const { onProgress: _, ...silent } = options;
  return saveArchive({ archive }, what, silent);
}

/** Removes what an unfinished download has written. */
export async function discardSaved(download: Download): Promise<void> {
  const { path: target } = pathOf(download);
  await discardSave(download.form.kind === 'folder' ? target : path.dirname(target), download.id);
}

function pathOf({ target }: Download): Extract<Download['target'], { kind: 'path' }> {
  if (target.kind === 'path') return { ...target, path: path.resolve(target.path) };
  throw new AppError('internal', { message: 'This download has no path.' });
}
