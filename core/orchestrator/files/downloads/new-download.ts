import {
  AppError,
  type Download,
  type FileEntry,
  type FilePlace,
  type ParsedInput,
} from '../../../contract/index.ts';
import { newId } from '../../../domain/index.ts';
import { safeNames } from '../../../files/index.ts';
import { isoNow, type OrchestratorContext } from '../../context.ts';
import type { UsedRecovery } from '../file-recovery-service.ts';
import { checkSpace, checkTarget } from './target-path.ts';

export type DownloadWish = ParsedInput<'download.start'>;

export interface NewDownload {
  readonly download: Download;
  /** What the target should be called. */
  readonly fileName: string;
}

/** Checks a wish against the restore point and this computer; throws what is known to be wrong. */
export async function newDownload(
  context: OrchestratorContext,
  recovery: UsedRecovery,
  wish: DownloadWish,
  signal: AbortSignal,
): Promise<NewDownload> {
  const single = await singleFile(recovery, wish, signal);
  await checkPlace(context, wish, single?.sizeBytes ?? 0);
  const fileName = nameOf(wish, recovery.point.resourceName);
  return {
    fileName,
    download: {
      id: newId(context.host.random),
      sessionId: recovery.sessionId,
      pointId: recovery.point.id,
      resourceName: recovery.point.resourceName,
      title: wish.items.length === 1 ? lastPart(wish.items[0], recovery) : `${wish.items.length} items`,
      form: wish.form,
      target: wish.target,
      state: 'waiting',
      createdAt: isoNow(context),
      endedAt: null,
      totalBytes: single?.sizeBytes ?? 0,
      doneBytes: 0,
      totalFiles: single === null ? 0 : 1,
      doneFiles: 0,
      bytesPerSecond: 0,
      secondsLeft: null,
      sha256: null,
      problems: [],
      renamed: [],
      error: null,
    },
  };
}

/** The one file of a download in the form of a file; null in other forms. */
async function singleFile(
  { service }: UsedRecovery,
  { form, items, target }: DownloadWish,
  signal: AbortSignal,
): Promise<FileEntry | null> {
  if (form.kind === 'folder' && target.kind === 'stream')
    throw wrongForm('Folders can be streamed only as an archive.', 'Choose zip or tar.');
  if (form.kind !== 'file') return null;
  const [item] = items;
  if (item === undefined || items.length > 1)
    throw wrongForm('Only one file at a time can be taken as it is.', 'Choose an archive or a folder.');
  const file = await service.details(item, signal);
  if (file.kind !== 'file') throw wrongForm(`${file.name} is not a file.`, 'Choose an archive or a folder.');
  if (file.problem !== null)
    throw new AppError('damaged', { message: `${file.name} cannot be read: ${file.problem}` });
  return file;
}

async function checkPlace(
  { host }: OrchestratorContext,
  { form, target }: DownloadWish,
  bytes: number,
): Promise<void> {
  if (target.kind !== 'path') return;
  const kind = form.kind === 'folder' ? 'folder' : 'file';
  const { path, replace } = target;
  const folder = await checkTarget({ path, replace, kind, dataDirectory: host.dataDirectory });
  await checkSpace(folder, bytes);
}

/** A name that every operating system allows. */
export function nameOf({ form, items }: Pick<DownloadWish, 'form' | 'items'>, resourceName: string): string {
  const [item] = items;
  const only = items.length === 1 ? lastPart(item, { point: { resourceName } }) : `${resourceName}-files`;
  const extension = form.kind === 'archive' ? `.${form.format}` : '';
  return safeNames('windows').escape(only, new Set()) + extension;
}

/** A file's own name; for a whole volume the machine's and the volume's. */
function lastPart(
  item: FilePlace | undefined,
  { point }: { readonly point: Pick<UsedRecovery['point'], 'resourceName'> },
): string {
  const name = item?.path.split('/').findLast((part) => part !== '');
  return name ?? `${point.resourceName}-${item?.volumeId ?? ''}`;
}

function wrongForm(message: string, hint: string): AppError {
  return new AppError('invalid-input', { message, hint, details: { field: 'form' } });
}
