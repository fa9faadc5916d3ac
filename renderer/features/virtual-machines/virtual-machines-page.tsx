import { SearchBox } from '@fluentui/react-components';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { VirtualMachine } from '../../../core/contract/index.ts';
import { useCommand, useProcedure } from '../../api/index.ts';
import {
  Answer,
  DataTable,
  EmptyState,
  ErrorNotice,
  FilterBar,
  FilterChoice,
  Page,
  RowsSkeleton,
  TextLink,
  TimeText,
} from '../../ui/index.ts';
import { SyncButton } from './sync-button.tsx';
import { vmColumns } from './vm-columns.tsx';
import { filterChoices, matchesVmFilter, type VmFilter } from './vm-filter.ts';
import { protectionWords } from './vm-words.ts';

const route = getRouteApi('/virtual-machines');
const byName = { id: 'name', desc: false };

export function VirtualMachinesPage() {
  const list = useProcedure('vm.list', {});
  const sync = useCommand('account.sync');
  const syncedAt = list.data?.syncedAt ?? null;
  return (
    <Page
      title="Virtual machines"
      subtitle={
        list.data &&
        (syncedAt === null ? (
          'Not synced yet.'
        ) : (
          <>
            Last sync: <TimeText iso={syncedAt} />
          </>
        ))
      }
      actions={<SyncButton starting={sync.isPending} onSync={() => sync.mutate({})} />}
      height="fill"
    >
      {sync.error !== null && <ErrorNotice title="The sync could not be started" error={sync.error} />}
      <Answer
        query={list}
        skeleton={<RowsSkeleton rows={14} />}
        errorTitle="The virtual machines could not be read"
      >
        {({ vms }) => <VmTable vms={vms} />}
      </Answer>
    </Page>
  );
}

function VmTable({ vms }: { vms: readonly VirtualMachine[] }) {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: VmFilter) => void navigate({ search: { ...filter, ...next }, replace: true });
  const choices = useMemo(() => filterChoices(vms), [vms]);
  const shown = useMemo(() => vms.filter((vm) => matchesVmFilter(vm, filter)), [vms, filter]);
  return (
    <>
      <FilterBar shown={shown.length} total={vms.length} noun="virtual machines">
        <SearchBox
          aria-label="Find virtual machines"
          placeholder="Find by name, group, size or tag"
          value={filter.text ?? ''}
          onChange={(_, { value }) => change({ text: value || undefined })}
        />
        <FilterChoice
          label="Protection"
          all="Any protection"
          choices={protectionWords}
          value={filter.protection}
          onChange={(protection) => change({ protection })}
        />
        <FilterChoice
          label="Subscription"
          all="All subscriptions"
          choices={choices.subscriptions}
          value={filter.subscription}
          onChange={(subscription) => change({ subscription })}
        />
        <FilterChoice
          label="Region"
          all="All regions"
          choices={choices.regions}
          value={filter.region}
          onChange={(region) => change({ region })}
        />
      </FilterBar>
      <DataTable
        label="Virtual machines"
        height="fill"
        rows={shown}
        columns={vmColumns}
        rowId={(vm) => vm.resourceId}
        sort={byName}
        empty={
          vms.length === 0 ? (
            <NoMachines />
          ) : (
            <NoMatch onClear={() => void navigate({ to: '.', search: {}, replace: true })} />
          )
        }
      />
    </>
  );
}

function NoMachines() {
  const accounts = useProcedure('account.list', {});
  const signedIn = (accounts.data?.length ?? 0) > 0;
  return signedIn ? (
    <EmptyState
      title="No virtual machines"
      text="The subscriptions that your accounts can read hold no virtual machines. Sync again after something was created."
    />
  ) : (
    <EmptyState
      title="No virtual machines yet"
      text="Add an account, and Cairn lists the virtual machines of every subscription it can read."
      action={<TextLink to="/accounts/add">Add an account</TextLink>}
    />
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      size="small"
      title="No virtual machine matches"
      text="Nothing fits the filter above."
      action={
        <button type="button" className="text-button" onClick={onClear}>
          Clear the filter
        </button>
      }
    />
  );
}
