import type { RestorePoint, VirtualMachine } from '../../../core/contract/index.ts';
import {
  BytesText,
  DataTable,
  EmptyState,
  type TableColumn,
  TextLink,
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

const kindWords: Record<RestorePoint['kind'], string> = {
  snapshot: 'Snapshot',
  backup: 'Backup',
  archive: 'Archive',
};

const columns: readonly TableColumn<RestorePoint>[] = [
  takenColumn('minmax(130px, 1.2fr)'),
  {
    id: 'kind',
    header: 'Kind',
    width: 'minmax(140px, 1.2fr)',
    sortBy: (point) => kindWords[point.kind],
    cell: (point) => `${kindWords[point.kind]}, ${point.mode === 'full' ? 'full' : 'incremental'}`,
  },
  stateColumn,
  {
    id: 'read',
    header: 'Read',
    width: '84px',
    align: 'end',
    sortBy: (point) => point.readBytes,
    cell: (point) => <BytesText bytes={point.readBytes} />,
  },
  storedColumn('84px'),
  {
    id: 'repository',
    header: 'Repository',
    width: 'minmax(100px, 1.4fr)',
    sortBy: (point) => point.repositoryName,
    cell: (point) =>
      point.repositoryId === null ? (
        <span className="muted">–</span>
      ) : (
        <TextLink to="/repositories/$repositoryId" params={{ repositoryId: point.repositoryId }}>
          <TruncatedText text={point.repositoryName ?? 'No longer here'} />
        </TextLink>
      ),
  },
  browseColumn(() => 'Browse files'),
  restoreColumn(() => 'Restore'),
];

export function PointsTable({ points, vm }: { points: readonly RestorePoint[]; vm: VirtualMachine }) {
  return (
    <DataTable
      label="Restore points"
      frame="plain"
      rows={points}
      columns={columns}
      rowId={(point) => point.id}
      sort={newestFirst}
      empty={
        vm.protection.state === 'not-supported' ? (
          <EmptyState
            size="small"
            title="This machine cannot be backed up"
            text={vm.protection.reason ?? 'Its disks are of a kind that Cairn does not read.'}
          />
        ) : (
          <EmptyState
            size="small"
            title="No restore points yet"
            text={
              vm.protection.runningSessionId === null
                ? 'Back up this machine now to get its first restore point. The first backup reads everything its disks hold; later ones only what changed.'
                : 'A session of this machine is running; its restore point appears here when it is complete.'
            }
          />
        )
      }
    />
  );
}
