import { Button, Spinner, useAnnounce } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ProcedureOutput } from '../../../core/contract/index.ts';
import { useCommand, useProcedure } from '../../api/index.ts';
import { ErrorNotice, formatTimeLeft, useNow } from '../../ui/index.ts';
import { CodeToCopy } from './code-to-copy.tsx';
import styles from './device-code-wait.module.css';

export interface DeviceCodeWaitProps {
  readonly flow: ProcedureOutput<'account.startDeviceCode'>;
  /** Gives this code up and starts over. */
  readonly onAgain: () => void;
}

/** Shows the code and waits until it was typed elsewhere. */
export function DeviceCodeWait({ flow, onAgain }: DeviceCodeWaitProps) {
  const navigate = useNavigate();
  const { announce } = useAnnounce();
  const cancel = useCommand('account.cancelDeviceCode');
  const [ended, setEnded] = useState(false);
  const query = useProcedure(
    'account.deviceCodeState',
    { flowId: flow.flowId },
    { every: ended ? false : 2000 },
  );
  const state = query.data;
  const secondsLeft = (Date.parse(flow.expiresAt) - useNow(1000)) / 1000;

  useEffect(() => {
    if (state === undefined || state.state === 'waiting') return;
    setEnded(true);
    if (state.state === 'done') {
      announce('Signed in');
      void navigate({ to: '/sessions/$sessionId', params: { sessionId: state.sessionId } });
    }
  }, [state, navigate, announce]);

  if (state?.state === 'failed')
    return <ErrorNotice title="Signing in failed" error={state.error} onRetry={onAgain} />;
  const giveUp = () => {
    cancel.mutate({ flowId: flow.flowId });
    onAgain();
  };
  return (
    <div className={styles.wait}>
      <ol className={styles.steps}>
        <li>
          Open{' '}
          <a href={flow.verificationUrl} target="_blank" rel="noreferrer">
            {flow.verificationUrl}
          </a>{' '}
          on any device.
        </li>
        <li>
          Type this code and sign in:
          <CodeToCopy code={flow.userCode} />
        </li>
      </ol>
      {query.error !== null && <ErrorNotice error={query.error} />}
      <div className={styles.foot}>
        <Spinner size="tiny" label="Waiting for you to sign in" />
        <span className="muted figures">
          {secondsLeft > 0 ? formatTimeLeft(secondsLeft) : 'Code has expired'}
        </span>
        <Button size="small" onClick={giveUp}>
          Start over
        </Button>
      </div>
    </div>
  );
}
