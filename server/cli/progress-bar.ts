import type { Session } from '../../core/contract/index.ts';
import { formatBytes, formatSeconds } from './format.ts';

/** What one line can say about a session: step, bytes, speed and time left. */
export function progressText(session: Session): string {
  const step = session.steps.find((candidate) => candidate.state === 'running');
  const { progress } = session;
  const parts = [step?.title ?? session.state];
  if (progress !== null && progress.totalBytes > 0) {
    parts.push(`${formatBytes(progress.doneBytes)} of ${formatBytes(progress.totalBytes)}`);
    if (progress.bytesPerSecond > 0) parts.push(`${formatBytes(progress.bytesPerSecond)}/s`);
    if (progress.secondsLeft !== null && progress.doneBytes < progress.totalBytes)
      parts.push(`${formatSeconds(progress.secondsLeft)} left`);
  }
  return parts.join(' · ');
}

/** Share of the work that is done, 0 to 1: by bytes where known, else by steps. */
export function progressShare(session: Session): number {
  const { progress, steps } = session;
  if (progress !== null && progress.totalBytes > 0)
    return Math.min(1, progress.doneBytes / progress.totalBytes);
  const done = steps.filter((step) => step.state === 'done' || step.state === 'skipped').length;
  return steps.length === 0 ? 0 : done / steps.length;
}

const barWidth = 24;

/** One line of at most `columns`, to be drawn over the last one. */
export function progressLine(session: Session, columns: number): string {
  const share = progressShare(session);
  const full = Math.round(share * barWidth);
  const bar = `${'█'.repeat(full)}${'░'.repeat(barWidth - full)}`;
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `${bar} ${percent} % ${progressText(session)}`.slice(0, Math.max(20, columns - 1));
}
