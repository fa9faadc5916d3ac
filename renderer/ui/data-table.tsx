import { ArrowDown12Regular, ArrowUp12Regular } from '@fluentui/react-icons';
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useMemo, useRef } from 'react';
import styles from './data-table.module.css';
import { compareValues, type TableColumn, type TableSort } from './table-column.ts';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const rowHeight = 40;

export interface DataTableProps<Row extends object> {
  /** Names the table for screen readers. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  readonly rowId: (row: Row) => string;
  readonly sort?: TableSort;
  /** `fill`: takes the room that is left and draws only the rows in sight. `grow`: as tall as its rows. */
  readonly height?: 'fill' | 'grow';
  /** Shown instead of rows. */
  readonly empty: ReactNode;
  /** `plain`: without a frame, for use inside a card. */
  readonly frame?: 'framed' | 'plain';
}

/** The console's one table: sorts by its headers, and stays quick with tens of thousands of rows. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { rows, columns, rowId, height = 'grow', frame = 'framed' } = props;
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({
    features,
    data,
    columns: useMemo(() => columns.map(toColumnDef), [columns]),
    getRowId: rowId,
    initialState: { sorting: props.sort === undefined ? [] : [props.sort] },
    enableSortingRemoval: false,
  });
  const sorted = table.getRowModel().rows;
  const sorting = table.state.sorting[0];
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: sorted.length,
    enabled: height === 'fill',
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => sorted[index]?.id ?? index,
    overscan: 12,
  });
  const inSight =
    height === 'fill'
      ? virtualizer.getVirtualItems().map(({ index, start }) => ({ index, start }))
      : sorted.map((_, index) => ({ index, start: index * rowHeight }));
  const tracks = { '--tracks': columns.map(({ width }) => width).join(' ') } as CSSProperties;

  return (
    <div className={styles.table} data-height={height} data-frame={frame} style={tracks} ref={scroller}>
      <table aria-label={props.label} aria-rowcount={sorted.length + 1} className={styles.grid}>
        <thead className={styles.head}>
          <tr aria-rowindex={1} className={styles.row}>
            {columns.map((column) => (
              <HeaderCell
                key={column.id}
                column={column}
                order={sorting?.id === column.id ? (sorting.desc ? 'descending' : 'ascending') : 'none'}
                onSort={() => table.getColumn(column.id)?.toggleSorting()}
              />
            ))}
          </tr>
        </thead>
        <tbody className={styles.body} style={{ height: sorted.length * rowHeight }}>
          {inSight.map(({ index, start }) => {
            const row = sorted[index];
            if (row === undefined) return null;
            return (
              <tr
                key={row.id}
                aria-rowindex={index + 2}
                className={styles.row}
                style={{ transform: `translateY(${start}px)` }}
              >
                {columns.map((column) => (
                  <td key={column.id} className={styles.cell} data-align={column.align}>
                    {column.cell(row.original)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {sorted.length === 0 && props.empty}
    </div>
  );
}

interface HeaderCellProps<Row> {
  readonly column: TableColumn<Row>;
  readonly order: 'ascending' | 'descending' | 'none';
  readonly onSort: () => void;
}

function HeaderCell<Row>({ column, order, onSort }: HeaderCellProps<Row>) {
  if (column.sortBy === undefined) {
    return (
      <th scope="col" className={styles.cell} data-align={column.align}>
        <span className={column.quietHeader === true ? 'visually-hidden' : undefined}>{column.header}</span>
      </th>
    );
  }
  return (
    <th scope="col" className={styles.cell} data-align={column.align} aria-sort={order}>
      <button type="button" className={styles.sort} onClick={onSort}>
        {column.header}
        <span className={styles.arrow} data-order={order} aria-hidden="true">
          {order === 'descending' ? <ArrowDown12Regular /> : <ArrowUp12Regular />}
        </span>
      </button>
    </th>
  );
}

function toColumnDef<Row extends object>(column: TableColumn<Row>): ColumnDef<typeof features, Row, unknown> {
  return {
    id: column.id,
    accessorFn: (row) => column.sortBy?.(row) ?? undefined,
    enableSorting: column.sortBy !== undefined,
    sortUndefined: 'last',
    sortFn: (one, other, id) => compareValues(one.getValue(id), other.getValue(id)),
  };
}
