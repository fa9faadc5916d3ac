import { AppError, type Session } from '../../core/contract/index.ts';
import type { Core } from '../../core/host.ts';
import type { CliIo } from './cli-io.ts';
import { progressLine, progressText } from './progress-bar.ts';
import { watchSession } from './watch-session.ts';

const eraseLine = '\r\u001b[2K';

/**
 * Waits for a session with a progress bar (or a line per step where nobody watches). Ctrl-C asks the session to stop
 * and waits until it has cleaned up; a second one leaves at once, and the session goes on at the next start.
 * Throws what the session failed with.
 */
export async function runSession(core: Core, sessionId: string, io: CliIo): Promise<Session> {
  const draw = io.interactive ? drawBar(io) : drawLines(io);
  let session: Session;
  try {
    session = await watchSession(core, sessionId, { onUpdate: draw, signal: io.signal });
  } catch (error) {
    if (!io.signal.aborted) throw error;
    io.stderr(`${io.interactive ? eraseLine : ''}Stopping; what was made in Azure is being removed.\n`);
    session = await cancelAndWait(core, sessionId, draw);
  }
  if (io.interactive) io.stderr(eraseLine);
  if (session.state === 'succeeded') return session;
  throw sessionError(session);
}

async function cancelAndWait(
  core: Core,
  sessionId: string,
  draw: (session: Session) => void,
): Promise<Session> {
  await core.call('session.cancel', { sessionId });
  return watchSession(core, sessionId, { onUpdate: draw, signal: new AbortController().signal });
}

export function sessionError(session: Session): AppError {
  if (session.error !== null) return AppError.fromRecord(session.error);
  return new AppError(session.state === 'cancelled' ? 'cancelled' : 'internal', {
    message: `Session ${session.id} ended as ${session.state}.`,
    hint: `See \`cairn sessions ${session.id}\`.`,
  });
}

function drawBar(io: CliIo): (session: Session) => void {
  return (session) => io.stderr(`${eraseLine}${progressLine(session, io.columns)}`);
}

function drawLines(io: CliIo): (session: Session) => void {
  let last = '';
  return (session) => {
    const step = session.steps.find((candidate) => candidate.state === 'running')?.title ?? last;
    if (step === last) return;
    last = step;
    io.stderr(`${progressText(session)}\n`);
  };
}
