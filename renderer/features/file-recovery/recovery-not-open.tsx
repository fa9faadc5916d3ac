import { Button, Spinner } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import type { FileRecovery } from '../../../core/contract/index.ts';
import { useCommand } from '../../api/index.ts';
import { EmptyState, ErrorNotice, TextLink } from '../../ui/index.ts';
import styles from './recovery-not-open.module.css';

export function OpeningRecovery({ recovery }: { recovery: FileRecovery }) {
  const close = useCommand('files.close');
  const opening = recovery.state === 'opening';
  return (
    <div className={styles.middle}>
      <Spinner size="medium" />
      <p className={styles.title}>{opening ? 'Opening the restore point' : 'Closing'}</p>
      <p className={styles.text} role="status">
        {recovery.activity || (opening ? 'Reading the disks…' : 'Cleaning up…')}
      </p>
      {opening && recovery.road === 'worker' && (
        <p className={styles.text}>
          A worker takes a few minutes. You may leave this page; it opens all the same.
        </p>
      )}
      {opening && (
        <Button disabled={close.isPending} onClick={() => close.mutate({ sessionId: recovery.sessionId })}>
          Cancel
        </Button>
      )}
    </div>
  );
}

export function FailedRecovery({ recovery }: { recovery: FileRecovery }) {
  return (
    <>
      {recovery.error !== null && (
        <ErrorNotice title="The restore point could not be opened" error={recovery.error} />
      )}
      <Ways recovery={recovery} />
    </>
  );
}

export function ClosedRecovery({ recovery }: { recovery: FileRecovery }) {
  return (
    <EmptyState
      title="This session is closed"
      text="It was closed, or nobody used it for a while. The restore point is not touched: open it again and go on."
      action={<Ways recovery={recovery} />}
    />
  );
}

/** On from a session that is over. */
function Ways({ recovery }: { recovery: FileRecovery }) {
  const navigate = useNavigate();
  const { pointId, sessionId } = recovery;
  return (
    <div className={styles.ways}>
      <Button
        appearance="primary"
        onClick={() => void navigate({ to: '/files/open/$pointId', params: { pointId } })}
      >
        Open again
      </Button>
      <TextLink to="/sessions/$sessionId" params={{ sessionId }}>
        Show the session’s log
      </TextLink>
    </div>
  );
}
