import { Button, Field, Input } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { RestorePlan, RestorePoint, RestoreTarget } from '../../../core/contract/index.ts';
import { useCommand, useProcedure } from '../../api/index.ts';
import {
  Answer,
  BlockSkeleton,
  BytesText,
  ErrorNotice,
  Facts,
  Form,
  formatClock,
  Notice,
  useNow,
  WizardActions,
} from '../../ui/index.ts';
import { PlanItems } from './plan-items.tsx';
import type { DraftStore } from './restore-draft.ts';
import styles from './review-step.module.css';
import { startRefusal } from './start-refusal.ts';

/** The plan that core computed. What is shown here is what runs. */
export function ReviewStep({ store, point }: { store: DraftStore; point: RestorePoint }) {
  const { target, verify } = useStore(store);
  return target === null ? null : <Plan store={store} pointId={point.id} target={target} verify={verify} />;
}

interface PlanProps {
  readonly store: DraftStore;
  readonly pointId: string;
  readonly target: RestoreTarget;
  readonly verify: boolean;
}

function Plan({ store, pointId, target, verify }: PlanProps) {
  const query = useProcedure('restore.plan', { pointId, target, verify }, { once: true });
  const back = () => store.setState({ step: 'target' });
  return (
    <>
      <Answer query={query} skeleton={<BlockSkeleton height={320} />} errorTitle="No plan could be made">
        {(plan) => (
          <PlanReview
            plan={plan}
            onBack={back}
            onAgain={() => void query.refetch()}
            again={query.isFetching}
          />
        )}
      </Answer>
      {query.data === undefined && (
        <div>
          <Button onClick={back}>Back</Button>
        </div>
      )}
    </>
  );
}

interface PlanReviewProps {
  readonly plan: RestorePlan;
  readonly onBack: () => void;
  readonly onAgain: () => void;
  readonly again: boolean;
}

function PlanReview({ plan, onBack, onAgain, again }: PlanReviewProps) {
  const navigate = useNavigate();
  const start = useCommand('restore.start');
  const [typed, setTyped] = useState('');
  const refusal = startRefusal(plan, typed, useNow(5000));
  const submit = () => {
    if (refusal !== null) return;
    start.mutate(
      { planId: plan.id, confirmation: plan.confirmation === null ? null : typed.trim() },
      { onSuccess: ({ sessionId }) => void navigate({ to: '/sessions/$sessionId', params: { sessionId } }) },
    );
  };
  return (
    <Form onSubmit={submit}>
      <Notices notices={plan.notices} />
      <PlanItems items={plan.items} />
      <Facts
        columns={2}
        facts={[
          {
            name: 'Disks',
            value: <>{<BytesText bytes={plan.diskBytes} />} at most; empty areas are skipped</>,
          },
          { name: 'Worker', value: `${plan.workerSize} in ${plan.workerRegion}` },
          { name: 'Verification', value: plan.verify ? 'Every block is read back and compared' : 'None' },
          { name: 'Plan valid until', value: <span className="figures">{formatClock(plan.expiresAt)}</span> },
        ]}
      />
      {plan.confirmation !== null && (
        <Field
          label={
            <>
              Type <strong className={styles.confirmation}>{plan.confirmation}</strong> to confirm that its
              disks are replaced
            </>
          }
          required
        >
          <Input
            value={typed}
            spellCheck={false}
            autoComplete="off"
            onChange={(_, { value }) => setTyped(value)}
          />
        </Field>
      )}
      {start.error !== null && <ErrorNotice title="The restore was not started" error={start.error} />}
      {(refusal === 'expired' || refusal === 'blocked' || start.error?.code === 'plan-expired') && (
        <div className={styles.again}>
          <Button onClick={onAgain} disabled={again}>
            {again ? 'Making the plan…' : 'Make the plan again'}
          </Button>
          {refusal === 'expired' && (
            <span className="muted">The plan has expired: Azure may have changed since.</span>
          )}
        </div>
      )}
      <WizardActions
        next="Start restore"
        nextDisabled={refusal !== null}
        busy={start.isPending}
        onBack={onBack}
      />
    </Form>
  );
}

const intents = { info: 'info', warning: 'warning', blocking: 'error' } as const;
const levels = { info: 'Note', warning: 'Warning', blocking: 'This prevents the restore' } as const;

function Notices({ notices }: { notices: RestorePlan['notices'] }) {
  return notices.map(({ level, text, hint }) => (
    <Notice key={`${level} ${text}`} intent={intents[level]} title={levels[level]}>
      <div>{text}</div>
      {hint !== '' && <div className="muted">{hint}</div>}
    </Notice>
  ));
}
