import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Repository, RestorePoint } from '../../../core/contract/index.ts';
import { useCommand, useProcedure } from '../../api/index.ts';
import {
  Answer,
  BlockSkeleton,
  BytesText,
  Card,
  ConfirmButton,
  DataTable,
  EmptyState,
  Facts,
  Page,
  type TableColumn,
  TextLink,
  TimeText,
  TruncatedText,
} from '../../ui/index.ts';
import {
  browseColumn,
  newestFirst,
  restoreColumn,
  stateColumn,
  storedColumn,
  takenColumn,
} from '../restore-points/index.ts';
import { RepositoryState, repositoryPath } from './repository-state.tsx';

const route = getRouteApi('/repositories/$repositoryId');

const pointColumns: readonly TableColumn<RestorePoint>[] = [
  {
    id: 'resource',
    header: 'Resource',
    width: 'minmax(150px, 2fr)',
    sortBy: (point) => point.resourceName,
    cell: (point) => (
      <TextLink to="/virtual-machines/id/$" params={{ _splat: point.resourceId.slice(1) }}>
        <TruncatedText text={point.resourceName} />
      </TextLink>
    ),
  },
  takenColumn('150px'),
  {
    id: 'mode',
    header: 'Mode',
    width: '110px',
    sortBy: (point) => point.mode,
    cell: (point) => (point.mode === 'full' ? 'Full' : 'Incremental'),
  },
  stateColumn,
  {
    id: 'disks',
    header: 'Disks',
    width: '90px',
    align: 'end',
    sortBy: (point) => point.diskBytes,
    cell: (point) => <BytesText bytes={point.diskBytes} />,
  },
  storedColumn('90px'),
  browseColumn((point) => `Browse files of ${point.resourceName}`),
  restoreColumn((point) => `Restore ${point.resourceName}`),
];

export function RepositoryPage() {
  const { repositoryId } = route.useParams();
  const query = useProcedure('repository.get', { repositoryId });
  const repository = query.data;
  return (
    <Page
      title={repository?.name ?? 'Repository'}
      above={<TextLink to="/repositories">Repositories</TextLink>}
      badge={repository && <RepositoryState repository={repository} />}
      subtitle={repository && repositoryPath(repository)}
      actions={repository && <RemoveRepository repository={repository} />}
    >
      <Answer
        query={query}
        skeleton={<BlockSkeleton height={420} />}
        errorTitle="The repository could not be read"
      >
        {(value) => (
          <>
            <Card title="About">
              <RepositoryFacts repository={value} />
            </Card>
            <RepositoryPoints repositoryId={repositoryId} />
          </>
        )}
      </Answer>
    </Page>
  );
}

function RepositoryFacts({ repository }: { repository: Repository }) {
  return (
    <Facts
      columns={3}
      facts={[
        { name: 'Storage account', value: <TruncatedText text={repository.storageAccountName} /> },
        { name: 'Region', value: repository.region },
        { name: 'Restore points', value: <span className="figures">{repository.points}</span> },
        { name: 'Container', value: <TruncatedText text={repository.container} /> },
        { name: 'Encryption', value: repository.encrypted ? 'Password' : 'None' },
        { name: 'Resources', value: <span className="figures">{repository.resources}</span> },
        { name: 'Folder', value: <TruncatedText text={repository.folder || 'Whole container'} /> },
        { name: 'Added', value: <TimeText iso={repository.addedAt} /> },
        { name: 'Stored', value: <BytesText bytes={repository.storedBytes} /> },
      ]}
    />
  );
}

function RepositoryPoints({ repositoryId }: { repositoryId: string }) {
  const points = useProcedure('point.list', { repositoryId });
  return (
    <Card title="Restore points" inset="flush">
      <Answer
        query={points}
        skeleton={<BlockSkeleton height={200} />}
        errorTitle="The restore points could not be read"
      >
        {(rows) => (
          <DataTable
            label="Restore points"
            frame="plain"
            rows={rows}
            columns={pointColumns}
            rowId={(point) => point.id}
            sort={newestFirst}
            empty={
              <EmptyState
                size="small"
                title="No restore points yet"
                text="Choose this repository when you back up a virtual machine."
                action={<TextLink to="/virtual-machines">Show virtual machines</TextLink>}
              />
            }
          />
        )}
      </Answer>
    </Card>
  );
}

function RemoveRepository({ repository }: { repository: Repository }) {
  const navigate = useNavigate();
  const remove = useCommand('repository.remove');
  return (
    <ConfirmButton
      label="Remove"
      question={`Remove repository “${repository.name}”?`}
      confirm="Remove repository"
      keep="Keep repository"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(
          { repositoryId: repository.id },
          { onSuccess: () => void navigate({ to: '/repositories' }) },
        )
      }
    >
      <p>
        Cairn forgets this repository and its {repository.points} restore points. The blobs stay where they
        are: add the same folder again{repository.encrypted ? ', with its password,' : ''} to get them back.
      </p>
    </ConfirmButton>
  );
}
