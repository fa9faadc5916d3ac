import { Button, Spinner } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons';
import { useProcedure } from '../../api/index.ts';
import { isActive } from '../sessions/index.ts';

export interface SyncButtonProps {
  readonly starting: boolean;
  readonly onSync: () => void;
}

/** Reads the machines from Azure again, and says so while it goes on. */
export function SyncButton({ starting, onSync }: SyncButtonProps) {
  const sessions = useProcedure('session.list', { kind: 'sync', limit: 1 });
  const running = starting || (sessions.data ?? []).some(isActive);
  return (
    <Button
      icon={running ? <Spinner size="tiny" /> : <ArrowSyncRegular />}
      disabledFocusable={running}
      onClick={() => {
        if (!running) onSync();
      }}
    >
      {running ? 'Syncing…' : 'Sync now'}
    </Button>
  );
}
