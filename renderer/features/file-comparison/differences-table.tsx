import { useState } from 'react';
import type { FileComparison } from '../../../core/contract/index.ts';
import {
  BytesText,
  DataTable,
  EmptyState,
  FilterBar,
  FilterChoice,
  StateMark,
  type TableColumn,
  type Tone,
} from '../../ui/index.ts';
import { FileName, FileTimeText, nameOf } from '../files/index.ts';
import { sideName } from './side-name.ts';

type Difference = FileComparison['differences'][number];
type Change = Difference['change'];

const changes: Record<Change, { readonly text: string; readonly tone: Tone }> = {
  added: { text: 'Only right', tone: 'good' },
  removed: { text: 'Only left', tone: 'bad' },
  changed: { text: 'Content differs', tone: 'warning' },
  metadata: { text: 'Metadata differs', tone: 'quiet' },
};
const changeWords: Record<Change, string> = {
  added: changes.added.text,
  removed: changes.removed.text,
  changed: changes.changed.text,
  metadata: changes.metadata.text,
};

function columnsFor(left: string, right: string): readonly TableColumn<Difference>[] {
  return [
    {
      id: 'path',
      header: 'Path',
      width: 'minmax(180px, 3fr)',
      sortBy: ({ path }) => path,
      cell: ({ path, left: before, right: after }) => (
        <FileName
          name={path === '' ? nameOf((before ?? after)?.path ?? '/') : path}
          kind={(after ?? before)?.kind ?? 'other'}
        />
      ),
    },
    {
      id: 'change',
      header: 'Difference',
      width: '140px',
      sortBy: ({ change }) => changes[change].text,
      cell: ({ change }) => <StateMark {...changes[change]} />,
    },
    ...sideColumns('left', left),
    ...sideColumns('right', right),
  ];
}

function sideColumns(side: 'left' | 'right', name: string): readonly TableColumn<Difference>[] {
  return [
    {
      id: `${side}-size`,
      header: `${sideName(name)}: size`,
      width: 'minmax(90px, 1fr)',
      align: 'end',
      sortBy: (difference) => difference[side]?.sizeBytes ?? null,
      cell: (difference) =>
        difference[side]?.kind === 'file' ? <BytesText bytes={difference[side].sizeBytes} /> : null,
    },
    {
      id: `${side}-modified`,
      header: 'Modified',
      width: '130px',
      sortBy: (difference) => difference[side]?.modified ?? null,
      cell: (difference) => difference[side] && <FileTimeText time={difference[side].modified} />,
    },
  ];
}

export interface DifferencesTableProps {
  readonly comparison: FileComparison;
  readonly left: string;
  readonly right: string;
}

export function DifferencesTable({ comparison, left, right }: DifferencesTableProps) {
  const [change, setChange] = useState<Change>();
  const rows = comparison.differences.filter((one) => change === undefined || one.change === change);
  return (
    <>
      <FilterBar
        shown={rows.length}
        total={comparison.differences.length}
        noun={comparison.more ? 'differences (more are not shown)' : 'differences'}
      >
        <FilterChoice
          label="Difference"
          all="All differences"
          choices={changeWords}
          value={change}
          onChange={setChange}
        />
      </FilterBar>
      <DataTable
        label="Differences"
        height="fill"
        rows={rows}
        columns={columnsFor(left, right)}
        rowId={({ path, change: kind }) => `${kind} ${path}`}
        empty={
          <EmptyState
            size="small"
            title="No difference of this kind"
            text="Choose another kind of difference."
          />
        }
      />
    </>
  );
}
