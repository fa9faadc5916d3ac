import type { VirtualMachine } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { ErrorNotice } from '../../ui/index.ts';

/** Why the last session of a machine failed, until one succeeds. */
export function LastFailure({ vm }: { vm: VirtualMachine }) {
  const { lastFailedSessionId: sessionId, runningSessionId } = vm.protection;
  const shown = sessionId !== null && runningSessionId === null;
  const session = useProcedure('session.get', { sessionId: sessionId ?? '' }, { enabled: shown }).data;
  if (!shown || session?.error == null) return null;
  return <ErrorNotice title={`${session.title} failed`} error={session.error} />;
}
