import type { Session, SessionState } from '../../core/contract/index.ts';
import type { Core } from '../../core/host.ts';

const finalStates: readonly SessionState[] = ['succeeded', 'failed', 'cancelled'];
/** Events tell sooner; this finds the end of a session whose last event was lost. */
const pollMs = 2000;

export function isOver(session: Session): boolean {
  return finalStates.includes(session.state);
}

export interface WatchOptions {
  /** Called with every newer state of the session. */
  readonly onUpdate?: (session: Session) => void;
  /** Ends the watching, not the session. Rejects with its reason. */
  readonly signal: AbortSignal;
}

/** Resolves with the session when it is over. */
export async function watchSession(core: Core, sessionId: string, options: WatchOptions): Promise<Session> {
  const { signal } = options;
  let wake: () => void = () => undefined;
  let latest: Session | null = null;
  const unsubscribe = core.subscribe((event) => {
    if (event.type === 'session.progress' && event.sessionId === sessionId && latest !== null) {
      latest = { ...latest, state: event.state, steps: event.steps, progress: event.progress };
      if (!isOver(latest)) options.onUpdate?.(latest);
    }
    const concerns =
      event.type === 'session.progress'
        ? event.sessionId === sessionId && finalStates.includes(event.state)
        : event.topic === 'session' && (event.id === null || event.id === sessionId);
    if (concerns) wake();
  });
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      latest = await core.call('session.get', { sessionId }, signal);
      options.onUpdate?.(latest);
      if (isOver(latest)) return latest;
      await Promise.race([woken, abortableDelay(pollMs, signal)]);
      signal.throwIfAborted();
    }
  } finally {
    unsubscribe();
  }
}

function abortableDelay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish, { once: true });
  });
}
