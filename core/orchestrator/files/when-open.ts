import { AppError, type FileRecovery } from '../../contract/index.ts';
import type { OrchestratorContext } from '../context.ts';
import type { FileRecoveryService, UsedRecovery } from './file-recovery-service.ts';

/** Waits until a session that is being opened is open. Throws why it failed, or `conflict` when it was closed. */
export async function whenOpen(
  deps: { readonly context: OrchestratorContext; readonly recoveries: FileRecoveryService },
  sessionId: string,
  signal: AbortSignal,
): Promise<UsedRecovery> {
  const { context, recoveries } = deps;
  for (;;) {
    signal.throwIfAborted();
    const changed = nextChange(context, sessionId, signal);
    const recovery = recoveries.get(sessionId);
    if (recovery.state === 'open') return recoveries.use(sessionId);
    if (recovery.state !== 'opening') throw whyNot(recovery);
    await changed;
  }
}

/** Resolves at the next change of that session, and when the signal is aborted. */
function nextChange({ events }: OrchestratorContext, sessionId: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => {
    unsubscribe();
    signal.removeEventListener('abort', end);
    resolve();
  };
  const unsubscribe = events.subscribe((event) => {
    const mine = event.type === 'changed' && event.id === sessionId;
    if (mine && (event.topic === 'file-recovery' || event.topic === 'session')) end();
  });
  signal.addEventListener('abort', end);
  return promise;
}

function whyNot({ error }: FileRecovery): AppError {
  if (error) return AppError.fromRecord(error);
  return new AppError('conflict', {
    message: 'The file recovery session was closed.',
    hint: 'Resume the download to open the restore point again.',
  });
}
