import type { Download } from '../../../core/contract/index.ts';
import { formatBytes, formatSpeed, formatTimeLeft, type Tone } from '../../ui/index.ts';

export const downloadStates: Record<Download['state'], { readonly text: string; readonly tone: Tone }> = {
  waiting: { text: 'Waiting', tone: 'quiet' },
  running: { text: 'Downloading', tone: 'running' },
  paused: { text: 'Paused', tone: 'warning' },
  done: { text: 'Complete', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  cancelled: { text: 'Cancelled', tone: 'quiet' },
};

export function isEnded({ state }: Pick<Download, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** Share done, 0 to 1; null while it is being counted. */
export function doneShare({
  totalBytes,
  doneBytes,
}: Pick<Download, 'totalBytes' | 'doneBytes'>): number | null {
  return totalBytes === 0 ? null : Math.min(1, doneBytes / totalBytes);
}

/** How far a download is, in one line. */
export function progressText(download: Download): string {
  const { state, totalBytes, doneBytes, totalFiles, bytesPerSecond, secondsLeft } = download;
  if (state === 'waiting') return 'Waiting for its turn';
  if (state === 'done')
    return `${formatBytes(doneBytes)}${totalFiles > 1 ? ` in ${totalFiles.toLocaleString('en')} files` : ''}`;
  const done =
    totalBytes === 0 ? formatBytes(doneBytes) : `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
  if (state !== 'running') return done;
  return [
    totalBytes === 0 && doneBytes === 0 ? 'Counting files…' : done,
    ...(bytesPerSecond > 0 ? [formatSpeed(bytesPerSecond)] : []),
    ...(secondsLeft === null ? [] : [formatTimeLeft(secondsLeft)]),
  ].join(' · ');
}
