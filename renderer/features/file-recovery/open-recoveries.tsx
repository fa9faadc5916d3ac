import type { FileRecovery } from '../../../core/contract/index.ts';
import {
  DataTable,
  EmptyState,
  StateMark,
  type TableColumn,
  TextLink,
  TimeText,
  TruncatedText,
  useNow,
} from '../../ui/index.ts';
import { recoveryStates, roadWords, timeLeft } from './recovery-words.ts';

const columns: readonly TableColumn<FileRecovery>[] = [
  {
    id: 'resource',
    header: 'Resource',
    width: 'minmax(140px, 2fr)',
    sortBy: ({ resourceName }) => resourceName,
    cell: ({ sessionId, resourceName }) => (
      <TextLink to="/files/$sessionId" params={{ sessionId }}>
        <TruncatedText text={resourceName} />
      </TextLink>
    ),
  },
  {
    id: 'taken',
    header: 'As of',
    width: '140px',
    sortBy: ({ takenAt }) => Date.parse(takenAt),
    cell: ({ takenAt }) => <TimeText iso={takenAt} />,
  },
  { id: 'road', header: 'Way', width: 'minmax(120px, 1fr)', cell: ({ road }) => roadWords[road] },
  {
    id: 'state',
    header: 'State',
    width: '110px',
    cell: ({ state }) => <StateMark {...recoveryStates[state]} />,
  },
  {
    id: 'closes',
    header: 'Closes',
    width: '150px',
    cell: ({ closesAt, activity }) =>
      closesAt === null ? <TruncatedText text={activity} /> : <Left closesAt={closesAt} />,
  },
];

function Left({ closesAt }: { closesAt: string }) {
  return <span className="figures">{timeLeft(closesAt, useNow(5000))}</span>;
}

export function OpenRecoveries({ recoveries }: { recoveries: readonly FileRecovery[] }) {
  return (
    <DataTable
      label="Open for file recovery"
      frame="plain"
      rows={recoveries}
      columns={columns}
      rowId={({ sessionId }) => sessionId}
      empty={
        <EmptyState
          size="small"
          title="No restore point is open"
          text="Choose “Browse files” at a restore point of a virtual machine or a repository."
          action={<TextLink to="/virtual-machines">Show virtual machines</TextLink>}
        />
      }
    />
  );
}
