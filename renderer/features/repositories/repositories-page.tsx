import { Button } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import type { Repository } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import {
  Answer,
  BytesText,
  DataTable,
  EmptyState,
  Page,
  RowsSkeleton,
  type TableColumn,
  TextLink,
  TimeText,
  TruncatedText,
} from '../../ui/index.ts';
import { RepositoryState, repositoryPath } from './repository-state.tsx';

const byName = { id: 'name', desc: false };

const columns: readonly TableColumn<Repository>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(130px, 1.6fr)',
    sortBy: (repository) => repository.name,
    cell: (repository) => (
      <TextLink to="/repositories/$repositoryId" params={{ repositoryId: repository.id }}>
        <TruncatedText text={repository.name} />
      </TextLink>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: '104px',
    sortBy: (repository) => repository.state,
    cell: (repository) => <RepositoryState repository={repository} />,
  },
  {
    id: 'place',
    header: 'Place',
    width: 'minmax(150px, 2.6fr)',
    sortBy: repositoryPath,
    cell: (repository) => <TruncatedText text={repositoryPath(repository)} />,
  },
  {
    id: 'region',
    header: 'Region',
    width: 'minmax(90px, 0.9fr)',
    sortBy: (repository) => repository.region,
    cell: (repository) => <TruncatedText text={repository.region} />,
  },
  {
    id: 'encryption',
    header: 'Encryption',
    width: '84px',
    sortBy: (repository) => Number(repository.encrypted),
    cell: (repository) => (repository.encrypted ? 'Password' : 'None'),
  },
  {
    id: 'points',
    header: 'Points',
    width: '52px',
    align: 'end',
    sortBy: (repository) => repository.points,
    cell: (repository) => <span className="figures">{repository.points}</span>,
  },
  {
    id: 'stored',
    header: 'Stored',
    width: '76px',
    align: 'end',
    sortBy: (repository) => repository.storedBytes,
    cell: (repository) => <BytesText bytes={repository.storedBytes} />,
  },
  {
    id: 'last',
    header: 'Last restore point',
    width: '122px',
    sortBy: (repository) => (repository.lastPointAt === null ? null : Date.parse(repository.lastPointAt)),
    cell: (repository) =>
      repository.lastPointAt === null ? (
        <span className="muted">–</span>
      ) : (
        <TimeText iso={repository.lastPointAt} />
      ),
  },
];

export function RepositoriesPage() {
  const repositories = useProcedure('repository.list', {});
  const navigate = useNavigate();
  const add = (
    <Button appearance="primary" onClick={() => void navigate({ to: '/repositories/add' })}>
      Add repository
    </Button>
  );
  return (
    <Page
      title="Repositories"
      subtitle="Folders in your own blob containers where backups are kept."
      actions={add}
    >
      <Answer
        query={repositories}
        skeleton={<RowsSkeleton rows={4} />}
        errorTitle="The repositories could not be read"
      >
        {(rows) => (
          <DataTable
            label="Repositories"
            rows={rows}
            columns={columns}
            rowId={(repository) => repository.id}
            sort={byName}
            empty={
              <EmptyState
                title="No repositories yet"
                text="Backups are kept in a folder of a blob container that you own, encrypted before they leave the worker."
                action={add}
              />
            }
          />
        )}
      </Answer>
    </Page>
  );
}
