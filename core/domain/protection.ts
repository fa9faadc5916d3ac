import type { SessionKind, SessionState, VirtualMachine } from '../contract/index.ts';
import { isActive } from './session-state.ts';

export interface PointFact {
  readonly takenAt: string;
  readonly state: 'ok' | 'damaged' | 'missing';
}
export interface SessionFact {
  readonly id: string;
  readonly kind: SessionKind;
  readonly state: SessionState;
  readonly createdAt: string;
}

/** How well a machine is protected, from why it cannot be, its points and its sessions (in any order). */
export function protectionOf(
  refusal: string | null,
  points: readonly PointFact[],
  sessions: readonly SessionFact[],
): VirtualMachine['protection'] {
  const good = points.filter(({ state }) => state === 'ok');
  const newest = [...sessions].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const lastBackup = newest.find(({ kind, state }) => kind === 'backup' && !isActive(state));
  return {
    state: stateOf(refusal, good.length),
    reason: refusal,
    points: good.length,
    lastPointAt:
      good
        .map(({ takenAt }) => takenAt)
        .sort()
        .at(-1) ?? null,
    // Looking at files does not stand in the way of anything.
    runningSessionId:
      newest.find(({ kind, state }) => isActive(state) && kind !== 'file-recovery')?.id ?? null,
    lastFailedSessionId: lastBackup?.state === 'failed' ? lastBackup.id : null,
  };
}

function stateOf(refusal: string | null, points: number): VirtualMachine['protection']['state'] {
  if (refusal !== null) return 'not-supported';
  return points > 0 ? 'protected' : 'unprotected';
}
