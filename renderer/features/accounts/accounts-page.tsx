import { Button, Tooltip } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Account } from '../../../core/contract/index.ts';
import { useCommand, useProcedure } from '../../api/index.ts';
import {
  Answer,
  ConfirmButton,
  DataTable,
  EmptyState,
  Page,
  RowsSkeleton,
  StateMark,
  type TableColumn,
  TruncatedText,
} from '../../ui/index.ts';

const kindWords: Record<Account['kind'], string> = { 'service-principal': 'Service principal', user: 'User' };

const columns: readonly TableColumn<Account>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(120px, 1.6fr)',
    sortBy: (account) => account.name,
    cell: (account) => <TruncatedText text={account.name} />,
  },
  {
    id: 'state',
    header: 'State',
    width: 'minmax(128px, 1fr)',
    sortBy: (account) => account.state,
    cell: (account) =>
      account.state === 'ready' ? (
        <StateMark tone="good" text="Signed in" />
      ) : (
        <StateMark tone="bad" text="Sign-in needed" />
      ),
  },
  {
    id: 'kind',
    header: 'Kind',
    width: '122px',
    sortBy: (account) => kindWords[account.kind],
    cell: (account) => kindWords[account.kind],
  },
  {
    id: 'principal',
    header: 'Identity',
    width: 'minmax(130px, 2fr)',
    sortBy: (account) => account.principal,
    cell: (account) => <TruncatedText text={account.principal} />,
  },
  {
    id: 'tenant',
    header: 'Tenant',
    width: 'minmax(110px, 1.6fr)',
    sortBy: (account) => account.tenantId,
    cell: (account) => <TruncatedText text={account.tenantId} />,
  },
  {
    id: 'subscriptions',
    header: 'Subscriptions',
    width: '92px',
    align: 'end',
    sortBy: (account) => account.subscriptions.length,
    cell: (account) => <SubscriptionCount account={account} />,
  },
  {
    id: 'remove',
    header: 'Actions',
    quietHeader: true,
    width: '84px',
    align: 'end',
    cell: (account) => <RemoveAccount account={account} />,
  },
];

export function AccountsPage() {
  const accounts = useProcedure('account.list', {});
  const navigate = useNavigate();
  const add = useMemo(
    () => (
      <Button appearance="primary" onClick={() => void navigate({ to: '/accounts/add' })}>
        Add account
      </Button>
    ),
    [navigate],
  );
  return (
    <Page
      title="Accounts"
      subtitle="The identities Cairn signs in to Azure with. Secrets stay in this computer's secret store."
      actions={add}
    >
      <Answer
        query={accounts}
        skeleton={<RowsSkeleton rows={3} />}
        errorTitle="The accounts could not be read"
      >
        {(rows) => (
          <DataTable
            label="Accounts"
            rows={rows}
            columns={columns}
            rowId={(account) => account.id}
            sort={{ id: 'name', desc: false }}
            empty={
              <EmptyState
                title="No accounts yet"
                text="Add a service principal or sign in with your own user. Cairn then lists every virtual machine the account can read."
                action={add}
              />
            }
          />
        )}
      </Answer>
    </Page>
  );
}

function SubscriptionCount({ account }: { account: Account }) {
  const names = account.subscriptions.map(({ name }) => name).join(', ');
  return (
    <Tooltip content={names || 'This account can read no subscription.'} relationship="description">
      <span className="figures">{account.subscriptions.length}</span>
    </Tooltip>
  );
}

function RemoveAccount({ account }: { account: Account }) {
  const remove = useCommand('account.remove');
  return (
    <ConfirmButton
      label="Remove"
      size="small"
      question={`Remove account “${account.name}”?`}
      confirm="Remove account"
      keep="Keep account"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={(close) => remove.mutate({ accountId: account.id }, { onSuccess: close })}
    >
      <p>
        Cairn signs out, deletes the stored secret and no longer lists this account's virtual machines.
        Nothing is deleted in Azure: repositories and restore points stay where they are.
      </p>
    </ConfirmButton>
  );
}
