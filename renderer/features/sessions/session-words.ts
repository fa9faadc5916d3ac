import type { Session, SessionKind, SessionResult, SessionState } from '../../../core/contract/index.ts';
import type { Tone } from '../../ui/index.ts';

export const kindWords: Record<SessionKind, string> = {
  backup: 'Backup',
  restore: 'Restore',
  sync: 'Sync',
  repository: 'Repository',
  'file-recovery': 'File recovery',
  'file-restore': 'File restore',
};

export const stateWords: Record<SessionState, { readonly text: string; readonly tone: Tone }> = {
  queued: { text: 'Queued', tone: 'quiet' },
  running: { text: 'Running', tone: 'running' },
  resuming: { text: 'Resuming', tone: 'running' },
  cancelling: { text: 'Cancelling', tone: 'warning' },
  succeeded: { text: 'Succeeded', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  cancelled: { text: 'Cancelled', tone: 'quiet' },
};

/** True once nothing more will happen in the session. */
export function isOver(session: Pick<Session, 'state'>): boolean {
  return session.state === 'succeeded' || session.state === 'failed' || session.state === 'cancelled';
}

export function isActive(session: Pick<Session, 'state'>): boolean {
  return !isOver(session);
}

/** Seconds from start to end, or to now while it runs; null before it started. */
export function elapsedSeconds(session: Pick<Session, 'startedAt' | 'endedAt'>, now: number): number | null {
  if (session.startedAt === null) return null;
  const end = session.endedAt === null ? now : Date.parse(session.endedAt);
  return Math.max(0, (end - Date.parse(session.startedAt)) / 1000);
}

/** What came of a session, in a few words for lists; empty while it goes on. */
export function outcome({ state, error, result }: Pick<Session, 'state' | 'error' | 'result'>): string {
  if (error !== null) return error.message;
  if (state === 'cancelled') return 'Stopped and cleaned up';
  if (state !== 'succeeded' || result === null) return '';
  switch (result.kind) {
    case 'backup':
      return 'Restore point made';
    case 'restore': {
      const disks = counted(result.disks.length, 'disk');
      return result.disks.every(({ verified }) => verified)
        ? `${disks} restored and verified`
        : `${disks} restored`;
    }
    case 'sync':
      return `${counted(result.vms, 'virtual machine')} in ${counted(result.subscriptions, 'subscription')}`;
    case 'repository':
      return 'Repository ready';
    case 'file-recovery':
      return result.items === 0 ? 'Nothing was taken' : `${counted(result.items, 'item')} taken`;
    case 'file-restore':
      return fileRestoreOutcome(result);
  }
}

function fileRestoreOutcome(result: Extract<SessionResult, { kind: 'file-restore' }>): string {
  const { restoredFiles, keptFiles, failures } = result;
  return [
    `${counted(restoredFiles, 'file')} restored`,
    ...(keptFiles === 0 ? [] : [`${keptFiles} kept`]),
    ...(failures.length === 0 ? [] : [`${failures.length} failed`]),
  ].join(', ');
}

/** `1 disk`, `2 disks`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Share of the work done, 0 to 1; null while the amount of work is not known. */
export function doneShare(session: Pick<Session, 'progress'>): number | null {
  const progress = session.progress;
  if (progress === null || progress.totalBytes === 0) return null;
  return Math.min(1, progress.doneBytes / progress.totalBytes);
}
