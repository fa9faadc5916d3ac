import { AppError, type FileRecovery, type ParsedInput } from '../../../core/contract/index.ts';
import type { Core } from '../../../core/host.ts';
import { findPoint } from '../find.ts';
import { watchSession } from '../watch-session.ts';

const pollMs = 100;

/** Which open session a command means: that one, or one that has this point open. */
export interface ConsoleSource {
  readonly session?: string | undefined;
  readonly point?: string | undefined;
  readonly road?: ParsedInput<'files.open'>['road'] | undefined;
}

/** Runs `work` with a session that is open. One that had to be opened for it is closed again. */
export async function withConsoleSession<T>(
  core: Core,
  source: ConsoleSource,
  signal: AbortSignal,
  work: (recovery: FileRecovery) => Promise<T>,
): Promise<T> {
  if (source.session !== undefined) return work(await openNow(core, source.session, signal));
  if (source.point === undefined)
    throw new AppError('invalid-input', {
      message: 'Name a session or a restore point.',
      hint: 'Use --session, --point, --image or --repo.',
      details: { field: 'point' },
    });
  const point = await findPoint(core, source.point, signal);
  const open = await core.call('files.opened', {}, signal);
  const road = source.road === undefined ? {} : { road: source.road };
  const { sessionId } = await core.call('files.open', { pointId: point.id, ...road }, signal);
  try {
    return await work(await openNow(core, sessionId, signal));
  } finally {
    if (!open.some((recovery) => recovery.sessionId === sessionId)) await closeSession(core, sessionId);
  }
}

/** Waits until it is open; throws why it failed. */
async function openNow(core: Core, sessionId: string, signal: AbortSignal): Promise<FileRecovery> {
  for (;;) {
    const recovery = await core.call('files.get', { sessionId }, signal);
    if (recovery.state === 'open') return recovery;
    if (recovery.state !== 'opening') throw notOpen(recovery);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    signal.throwIfAborted();
  }
}

function notOpen({ error, state }: FileRecovery): AppError {
  if (error) return AppError.fromRecord(error);
  return new AppError('conflict', {
    message: `This file recovery session is ${state}.`,
    hint: 'See `cairn files sessions`, or name a restore point with --point.',
    details: { field: 'session' },
  });
}

/** Closes a session and waits until it has ended. */
export async function closeSession(core: Core, sessionId: string): Promise<void> {
  await core.call('files.close', { sessionId });
  await watchSession(core, sessionId, { signal: new AbortController().signal });
}
