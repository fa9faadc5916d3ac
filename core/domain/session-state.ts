import type { SessionState } from '../contract/index.ts';

/** States of a session that has not ended. */
export const activeSessionStates: readonly SessionState[] = ['queued', 'running', 'resuming', 'cancelling'];

const transitions: Readonly<Record<SessionState, readonly SessionState[]>> = {
  queued: ['running', 'cancelling', 'cancelled', 'failed'],
  running: ['resuming', 'cancelling', 'succeeded', 'failed'],
  resuming: ['running', 'resuming', 'cancelling', 'succeeded', 'failed'],
  cancelling: ['cancelling', 'cancelled', 'failed'],
  succeeded: [],
  failed: [],
  cancelled: [],
};

export function isActive(state: SessionState): boolean {
  return activeSessionStates.includes(state);
}

/** Whether a session may go from one state to the other. An ended session never changes again. */
export function mayBecome(from: SessionState, to: SessionState): boolean {
  return transitions[from].includes(to);
}
