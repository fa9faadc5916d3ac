import type { FileRecovery, TakenItem } from '../../../core/contract/index.ts';
import { formatDuration, type Tone } from '../../ui/index.ts';

export const roadWords: Record<FileRecovery['road'], string> = {
  direct: 'Read directly',
  worker: 'Through a worker',
};

export const sourceWords: Record<FileRecovery['source'], string> = {
  repository: 'from the repository',
  snapshot: 'from its snapshots',
};

export const recoveryStates: Record<FileRecovery['state'], { readonly text: string; readonly tone: Tone }> = {
  opening: { text: 'Opening', tone: 'running' },
  open: { text: 'Open', tone: 'good' },
  closing: { text: 'Closing', tone: 'warning' },
  closed: { text: 'Closed', tone: 'quiet' },
  failed: { text: 'Failed', tone: 'bad' },
};

export const wayWords: Record<TakenItem['way'], string> = {
  saved: 'Saved',
  streamed: 'To a browser',
  restored: 'Put back',
  shared: 'By a link',
};

export const takenOutcomes: Record<TakenItem['outcome'], { readonly text: string; readonly tone: Tone }> = {
  done: { text: 'Complete', tone: 'good' },
  partial: { text: 'In part', tone: 'warning' },
  failed: { text: 'Failed', tone: 'bad' },
  cancelled: { text: 'Cancelled', tone: 'quiet' },
};

/** When a session closes: `in 27 min`, with seconds only in the last two minutes. */
export function timeLeft(closesAt: string, now: number): string {
  const seconds = Math.max(0, (Date.parse(closesAt) - now) / 1000);
  if (seconds < 120) return `in ${formatDuration(seconds)}`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `in ${minutes} min`
    : `in ${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
