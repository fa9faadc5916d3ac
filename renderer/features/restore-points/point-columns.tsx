import type { RestorePoint } from '../../../core/contract/index.ts';
import {
  BytesText,
  formatFullTime,
  StateMark,
  type TableColumn,
  TextLink,
  TimeText,
} from '../../ui/index.ts';

type PointColumn = TableColumn<RestorePoint>;

/** How every table of restore points is sorted at first. */
export const newestFirst = { id: 'taken', desc: true };

export function takenColumn(width: string): PointColumn {
  return {
    id: 'taken',
    header: 'Taken',
    width,
    sortBy: (point) => Date.parse(point.takenAt),
    cell: (point) => <TimeText iso={point.takenAt} />,
  };
}

export const stateColumn: PointColumn = {
  id: 'state',
  header: 'State',
  width: '110px',
  sortBy: (point) => point.state,
  cell: (point) =>
    point.state === 'ok' ? (
      <StateMark tone="good" text="OK" />
    ) : (
      <StateMark tone="bad" text={point.state === 'damaged' ? 'Damaged' : 'Missing'} />
    ),
};

export function storedColumn(width: string): PointColumn {
  return {
    id: 'stored',
    header: 'Stored',
    width,
    align: 'end',
    sortBy: (point) => point.storedBytes,
    cell: (point) => <BytesText bytes={point.storedBytes} />,
  };
}

/** `spoken` begins the link's label for screen readers; the point's time follows. */
export function restoreColumn(spoken: (point: RestorePoint) => string): PointColumn {
  return {
    id: 'restore',
    header: 'Actions',
    quietHeader: true,
    width: '64px',
    align: 'end',
    cell: (point) =>
      point.state === 'ok' && (
        <TextLink
          to="/restore/$pointId"
          params={{ pointId: point.id }}
          aria-label={`${spoken(point)} from ${formatFullTime(point.takenAt)}`}
        >
          Restore
        </TextLink>
      ),
  };
}

/** Opens the point for its files. A point that is damaged may still have the file that is wanted. */
export function browseColumn(spoken: (point: RestorePoint) => string): PointColumn {
  return {
    id: 'browse',
    header: 'Files',
    quietHeader: true,
    width: '80px',
    align: 'end',
    cell: (point) =>
      point.state !== 'missing' && (
        <TextLink
          to="/files/open/$pointId"
          params={{ pointId: point.id }}
          aria-label={`${spoken(point)} from ${formatFullTime(point.takenAt)}`}
        >
          Browse files
        </TextLink>
      ),
  };
}
