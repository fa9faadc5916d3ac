import { useCommand } from '../../api/index.ts';
import { EmptyState, ErrorNotice } from '../../ui/index.ts';
import { SyncButton } from './sync-button.tsx';

/** A machine that the last sync did not see: made since then, removed, or out of every account's sight. */
export function NotListed() {
  const sync = useCommand('account.sync');
  return (
    <>
      {sync.error !== null && <ErrorNotice title="The sync could not be started" error={sync.error} />}
      <EmptyState
        title="This machine is not in the list"
        text="It may have been made or removed since the last sync, or no account can read it. This page shows it as soon as a sync finds it."
        action={<SyncButton starting={sync.isPending} onSync={() => sync.mutate({})} />}
      />
    </>
  );
}
