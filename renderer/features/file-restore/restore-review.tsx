import { Button, DialogActions, DialogBody, DialogContent, DialogTitle } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import type { FileRestorePlan, ProcedureInput } from '../../../core/contract/index.ts';
import { useCommand, useProcedure } from '../../api/index.ts';
import {
  BlockSkeleton,
  BytesText,
  ErrorNotice,
  Facts,
  formatClock,
  Notice,
  TruncatedText,
  useNow,
} from '../../ui/index.ts';
import { nameOf, visibleName } from '../files/index.ts';
import styles from './file-restore.module.css';

export interface RestoreReviewProps {
  readonly input: ProcedureInput<'files.restorePlan'>;
  readonly resourceName: string;
  readonly onBack: () => void;
  readonly onDownload: () => void;
}

/** The plan that core computed. What is shown here is what runs. */
export function RestoreReview({ input, resourceName, onBack, onDownload }: RestoreReviewProps) {
  const query = useProcedure('files.restorePlan', input, { once: true });
  const navigate = useNavigate();
  const start = useCommand('files.restore');
  const plan = query.data;
  const expired = useNow(5000) >= Date.parse(plan?.expiresAt ?? '9999-12-31');
  const submit = () => {
    if (plan === undefined) return;
    start.mutate(
      { planId: plan.id },
      { onSuccess: ({ sessionId }) => void navigate({ to: '/sessions/$sessionId', params: { sessionId } }) },
    );
  };
  return (
    <DialogBody>
      <DialogTitle>Review</DialogTitle>
      <DialogContent className={styles.content}>
        {query.isPending && <BlockSkeleton height={220} />}
        {query.error?.code === 'not-supported' && (
          <Notice intent="info" title={query.error.message}>
            {query.error.hint}
          </Notice>
        )}
        {query.error !== null && query.error.code !== 'not-supported' && (
          <ErrorNotice
            title="No plan could be made"
            error={query.error}
            onRetry={() => void query.refetch()}
          />
        )}
        {plan !== undefined && <PlanFacts plan={plan} resourceName={resourceName} />}
        {expired && (
          <Notice intent="warning" title="The plan has expired">
            The machine may have changed since.{' '}
            <button type="button" className="text-button" onClick={() => void query.refetch()}>
              Make the plan again
            </button>
          </Notice>
        )}
        {start.error !== null && <ErrorNotice title="The restore was not started" error={start.error} />}
      </DialogContent>
      <DialogActions>
        <Button onClick={onBack} disabled={start.isPending}>
          Back
        </Button>
        {query.error !== null ? (
          <Button appearance="primary" onClick={onDownload}>
            Download instead
          </Button>
        ) : (
          <Button
            appearance="primary"
            disabled={plan === undefined || plan.refusals.length > 0 || expired || start.isPending}
            onClick={submit}
          >
            {start.isPending ? 'Starting…' : 'Restore files'}
          </Button>
        )}
      </DialogActions>
    </DialogBody>
  );
}

function PlanFacts({ plan, resourceName }: { plan: FileRestorePlan; resourceName: string }) {
  return (
    <>
      {plan.refusals.map((refusal) => (
        <Notice key={refusal} intent="error" title="This prevents the restore">
          {refusal}
        </Notice>
      ))}
      <Facts
        facts={[
          { name: 'Machine', value: resourceName },
          {
            name: 'What',
            value: (
              <>
                {plan.files.toLocaleString('en')} files, {plan.folders.toLocaleString('en')} folders,{' '}
                <BytesText bytes={plan.bytes} />
              </>
            ),
          },
          {
            name: 'Existing files',
            value: plan.existing === 'keep' ? 'Kept as they are' : 'Overwritten',
          },
          { name: 'Plan valid until', value: <span className="figures">{formatClock(plan.expiresAt)}</span> },
        ]}
      />
      {plan.notes.length > 0 && (
        <ul className={styles.notes} aria-label="Good to know">
          {plan.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <ul className={styles.places} aria-label="Where each item goes">
        {plan.places.map(({ from, to }) => (
          <li key={`${from.volumeId} ${from.path}`}>
            <TruncatedText text={visibleName(nameOf(from.path))} cut="middle" />
            <span className="muted">
              <TruncatedText text={`to ${visibleName(to)}`} cut="start" />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
