import { Button, Spinner } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons';
import { useCommand, useProcedure } from '../../api/index.ts';
import { ErrorNotice } from '../../ui/index.ts';
import { isActive } from '../sessions/index.ts';

/** Reads the machines from Azure again, and says so while it goes on. */
export function SyncButton() {
  const sync = useCommand('account.sync');
  const sessions = useProcedure('session.list', { kind: 'sync', limit: 1 });
  const running = sync.isPending || (sessions.data ?? []).some(isActive);
  return (
    <>
      {sync.error !== null && <ErrorNotice error={sync.error} />}
      <Button
        icon={running ? <Spinner size="tiny" /> : <ArrowSyncRegular />}
        disabled={running}
        onClick={() => sync.mutate({})}
      >
        {running ? 'Syncing…' : 'Sync now'}
      </Button>
    </>
  );
}
