import { createHash, type Hash } from 'node:crypto';
import { AppError, type Download, type FileSelection, toAppError } from '../../../contract/index.ts';
import type { DownloadRange, DownloadStream } from '../../../host.ts';
import type { UsedRecovery } from '../file-recovery-service.ts';
import { archiveOf } from './archive-of.ts';
import type { LiveDownload } from './live-download.ts';
import { nameOf } from './new-download.ts';

/** One download that a browser fetches, in one piece or several. */
export interface StreamedDownload {
  readonly live: LiveDownload;
  readonly items: FileSelection;
  /** SHA-256 of the first `hashedBytes` bytes. */
  hash: Hash;
  hashedBytes: number;
  /** It is being fetched now. */
  fetching: boolean;
}

export function streamedDownload(live: LiveDownload, items: FileSelection): StreamedDownload {
  return { live, items, hash: createHash('sha256'), hashedBytes: 0, fetching: false };
}

export interface StreamEvents {
  /** The last byte was given out. */
  onDone(sha256: string | null): void;
  /** It ended before that: the reader went away (null), or an error. */
  onBroken(error: AppError | null): void;
}

/** What a download's next fetch gets; nothing is read before its first piece is asked for. */
export function openStream(
  streamed: StreamedDownload,
  recovery: UsedRecovery,
  fetch: { readonly range: DownloadRange | null; readonly signal: AbortSignal } & StreamEvents,
): DownloadStream {
  const { form, id, totalBytes } = streamed.live.value;
  const fileName = nameOf({ form, items: streamed.items }, recovery.point.resourceName);
  const signal = AbortSignal.any([fetch.signal, recovery.ended]);
  if (form.kind !== 'file') {
    const bytes = watched(streamed, archiveBytes(recovery, streamed, signal), { ...fetch, from: 0, signal });
    return {
      fileName,
      mediaType: mediaTypes[form.kind === 'archive' ? form.format : 'zip'],
      size: null,
      part: null,
      version: null,
      bytes,
    };
  }
  const part = partOf(fetch.range, totalBytes);
  const from = part?.start ?? 0;
  const bytes = watched(streamed, fileBytes(recovery, streamed, part, signal), { ...fetch, from, signal });
  return { fileName, mediaType: 'application/octet-stream', size: totalBytes, part, version: id, bytes };
}

const mediaTypes = { zip: 'application/zip', tar: 'application/x-tar' };

function partOf(range: DownloadRange | null, size: number): DownloadStream['part'] {
  if (range === null) return null;
  if (range.start < size) return { start: range.start, end: Math.min(range.end ?? size - 1, size - 1) };
  throw new AppError('invalid-input', {
    message: 'This part is outside of the file.',
    details: { sizeBytes: String(size) },
  });
}

function archiveBytes(
  recovery: UsedRecovery,
  { live, items }: StreamedDownload,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const { form } = live.value;
  const archive = archiveOf(recovery, { onContent: () => undefined, onLeftOut: live.problem });
  return archive(items, form.kind === 'archive' ? form.format : 'zip', signal);
}

function fileBytes(
  { service }: UsedRecovery,
  { items }: StreamedDownload,
  part: DownloadStream['part'],
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const [item] = items;
  if (item === undefined) throw new AppError('internal', { message: 'Nothing was chosen.' });
  const range = part === null ? { offset: 0 } : { offset: part.start, length: part.end - part.start + 1 };
  return service.read({ ...item, ...range, stream: '' }, signal);
}

/** Counts, hashes and reports what passes. One fetch at a time. */
async function* watched(
  streamed: StreamedDownload,
  source: AsyncIterable<Uint8Array>,
  fetch: { readonly from: number; readonly signal: AbortSignal } & StreamEvents,
): AsyncGenerator<Uint8Array> {
  if (streamed.fetching) throw alreadyFetched(streamed.live.value);
  streamed.fetching = true;
  let at = fetch.from;
  let over = false;
  try {
    startHash(streamed, at);
    streamed.live.change({ state: 'running', error: null });
    for await (const piece of source) {
      addToHash(streamed, at, piece);
      at += piece.length;
      streamed.live.advance({ bytes: at, files: streamed.live.value.doneFiles });
      yield piece;
    }
    over = true;
    if (isWhole(streamed.live.value, at))
      fetch.onDone(streamed.hashedBytes === at ? streamed.hash.digest('hex') : null);
    else fetch.onBroken(null);
  } catch (thrown) {
    over = true;
    fetch.onBroken(fetch.signal.aborted ? null : toAppError(thrown));
    throw thrown;
  } finally {
    streamed.fetching = false;
    if (!over) fetch.onBroken(null);
  }
}

function isWhole({ form, totalBytes }: Download, at: number): boolean {
  return form.kind !== 'file' || at === totalBytes;
}

/** A fetch from the beginning starts the hash anew. */
function startHash(streamed: StreamedDownload, from: number): void {
  if (from !== 0) return;
  streamed.hash = createHash('sha256');
  streamed.hashedBytes = 0;
}

/** Bytes that were hashed in an earlier fetch are skipped; after a gap the hash stays where it is and is never the whole. */
function addToHash(streamed: StreamedDownload, at: number, piece: Uint8Array): void {
  const known = streamed.hashedBytes - at;
  if (known < 0 || known >= piece.length) return;
  streamed.hash.update(piece.subarray(known));
  streamed.hashedBytes = at + piece.length;
}

function alreadyFetched({ title }: Download): AppError {
  return new AppError('conflict', {
    message: `"${title}" is being downloaded already.`,
    hint: 'Wait until that has ended.',
    retryable: true,
  });
}
