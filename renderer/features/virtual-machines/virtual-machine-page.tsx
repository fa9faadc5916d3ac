import { getRouteApi } from '@tanstack/react-router';
import type { ProcedureOutput, VirtualMachine } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { Answer, BlockSkeleton, Card, DataTable, EmptyState, Page, TextLink } from '../../ui/index.ts';
import { SessionCard, sessionColumns } from '../sessions/index.ts';
import { BackUpNow } from './back-up-now.tsx';
import { LastFailure } from './last-failure.tsx';
import { NotListed } from './not-listed.tsx';
import { PointsTable } from './points-table.tsx';
import { ProtectionState } from './protection-state.tsx';
import { RecoverFiles } from './recover-files.tsx';
import styles from './virtual-machine-page.module.css';
import { VmDisks } from './vm-disks.tsx';
import { VmFacts } from './vm-facts.tsx';
import { VmNetwork } from './vm-network.tsx';

const route = getRouteApi('/virtual-machines/id/$');
const newestFirst = { id: 'started', desc: true };

export function VirtualMachinePage() {
  const { _splat = '' } = route.useParams();
  const resourceId = `/${_splat}`;
  const query = useProcedure('vm.get', { resourceId });
  const vm = query.data?.vm;
  return (
    <Page
      title={vm?.name ?? resourceId.split('/').at(-1) ?? 'Virtual machine'}
      above={<TextLink to="/virtual-machines">Virtual machines</TextLink>}
      badge={vm && <ProtectionState vm={vm} />}
      subtitle={vm && `${vm.subscriptionName} / ${vm.resourceGroup} / ${vm.region}`}
      actions={
        vm && (
          <>
            <RecoverFiles points={query.data?.points ?? []} />
            <BackUpNow vm={vm} points={query.data?.points ?? []} />
          </>
        )
      }
    >
      {query.error?.code === 'not-found' ? (
        <NotListed />
      ) : (
        <Answer
          query={query}
          skeleton={<BlockSkeleton height={520} />}
          errorTitle="The virtual machine could not be read"
        >
          {(value) => <VmBody value={value} />}
        </Answer>
      )}
    </Page>
  );
}

function VmBody({ value: { vm, points, network } }: { value: ProcedureOutput<'vm.get'> }) {
  return (
    <>
      <RunningSession vm={vm} />
      <LastFailure vm={vm} />
      <VmFacts vm={vm} />
      <Card title="Restore points" inset="flush">
        <PointsTable points={points} vm={vm} />
      </Card>
      <div className={styles.pair}>
        <Card title="Disks" inset="flush">
          <VmDisks disks={vm.disks} />
        </Card>
        <VmNetwork network={network} />
      </div>
      <VmSessions vm={vm} />
    </>
  );
}

function RunningSession({ vm }: { vm: VirtualMachine }) {
  const sessionId = vm.protection.runningSessionId;
  const session = useProcedure(
    'session.get',
    { sessionId: sessionId ?? '' },
    { enabled: sessionId !== null },
  );
  return sessionId !== null && session.data !== undefined ? <SessionCard session={session.data} /> : null;
}

function VmSessions({ vm }: { vm: VirtualMachine }) {
  const sessions = useProcedure('session.list', { resourceId: vm.resourceId, limit: 10 });
  return (
    <Card title="Recent sessions" inset="flush">
      <DataTable
        label="Recent sessions"
        frame="plain"
        rows={sessions.data ?? []}
        columns={sessionColumns.brief}
        rowId={(session) => session.id}
        sort={newestFirst}
        empty={
          sessions.data && (
            <EmptyState
              size="small"
              title="No sessions yet"
              text="Backups and restores of this machine appear here."
            />
          )
        }
      />
    </Card>
  );
}
