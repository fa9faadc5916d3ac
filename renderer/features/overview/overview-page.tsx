import type { Overview } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import {
  Answer,
  BlockSkeleton,
  Card,
  DataTable,
  EmptyState,
  Page,
  TextLink,
  TimeText,
} from '../../ui/index.ts';
import { OpenRecoveriesCard } from '../file-recovery/index.ts';
import { SessionCard, sessionColumns } from '../sessions/index.ts';
import { firstSteps } from './first-steps.ts';
import { FirstStepsCard } from './first-steps-card.tsx';
import styles from './overview-page.module.css';
import { ProtectionCard } from './protection-card.tsx';
import { StorageCard } from './storage-card.tsx';

const newestFirst = { id: 'started', desc: true };

export function OverviewPage() {
  const query = useProcedure('overview.get', {});
  const syncedAt = query.data?.syncedAt ?? null;
  return (
    <Page
      title="Overview"
      subtitle={
        query.data &&
        (syncedAt === null ? (
          'Not synced yet.'
        ) : (
          <>
            Last sync: <TimeText iso={syncedAt} />
          </>
        ))
      }
    >
      <Answer query={query} skeleton={<OverviewSkeleton />} errorTitle="The overview could not be read">
        {(overview) => <OverviewBody overview={overview} />}
      </Answer>
    </Page>
  );
}

function OverviewBody({ overview }: { overview: Overview }) {
  const steps = firstSteps(overview);
  return (
    <>
      {steps !== null && <FirstStepsCard steps={steps} />}
      <div className={styles.pair}>
        <ProtectionCard vms={overview.vms} />
        <StorageCard overview={overview} />
      </div>
      {overview.runningSessions
        .filter(({ kind }) => kind !== 'file-recovery')
        .map((session) => (
          <SessionCard key={session.id} session={session} />
        ))}
      <OpenRecoveriesCard />
      <Card
        title="Recent sessions"
        inset="flush"
        actions={
          <TextLink to="/sessions" search={{}}>
            Show all
          </TextLink>
        }
      >
        <DataTable
          label="Recent sessions"
          frame="plain"
          rows={overview.recentSessions}
          columns={sessionColumns.all}
          rowId={(session) => session.id}
          sort={newestFirst}
          empty={
            <EmptyState
              size="small"
              title="Nothing has happened yet"
              text="Backups, restores and syncs appear here."
            />
          }
        />
      </Card>
    </>
  );
}

function OverviewSkeleton() {
  return (
    <div className={styles.skeleton}>
      <div className={styles.pair}>
        <BlockSkeleton height={166} />
        <BlockSkeleton height={166} />
      </div>
      <BlockSkeleton height={360} />
    </div>
  );
}
