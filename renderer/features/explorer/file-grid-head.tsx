import {
  ArrowDown12Regular,
  ArrowUp12Regular,
  Checkmark12Filled,
  Subtract12Filled,
} from '@fluentui/react-icons';
import type { FileOrder } from './explorer-store.ts';
import type { FileColumn } from './file-columns.tsx';
import styles from './file-grid.module.css';

export interface FileGridHeadProps {
  readonly columns: readonly FileColumn[];
  readonly sort: { readonly order: FileOrder; readonly descending: boolean } | null;
  readonly onSort: (order: FileOrder) => void;
  readonly checked: 'none' | 'some' | 'all';
  readonly onAll: () => void;
}

export function FileGridHead({ columns, sort, onSort, checked, onAll }: FileGridHeadProps) {
  return (
    <thead className={styles.head}>
      <tr className={styles.row} aria-rowindex={1}>
        <th scope="col" className={styles.cell}>
          {/* biome-ignore lint/a11y/useSemanticElements: a native box cannot be drawn like those of the lines */}
          <button
            type="button"
            role="checkbox"
            className={styles.box}
            data-checked={{ none: 'false', some: 'some', all: 'true' }[checked]}
            aria-checked={checked === 'all' ? true : checked === 'some' ? 'mixed' : false}
            aria-label="Select all"
            onClick={onAll}
          >
            {checked === 'some' ? <Subtract12Filled /> : <Checkmark12Filled />}
          </button>
        </th>
        {columns.map((column) => (
          <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
      </tr>
    </thead>
  );
}

function HeadCell({
  column,
  sort,
  onSort,
}: Pick<FileGridHeadProps, 'sort' | 'onSort'> & { column: FileColumn }) {
  const { order } = column;
  if (order === undefined || sort === null)
    return (
      <th scope="col" className={styles.cell} data-align={column.align}>
        {column.header}
      </th>
    );
  const sorted = sort.order === order;
  return (
    <th
      scope="col"
      className={styles.cell}
      data-align={column.align}
      aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className={styles.sort} onClick={() => onSort(order)}>
        {column.header}
        <span className={styles.arrow} aria-hidden="true">
          {sorted && (sort.descending ? <ArrowDown12Regular /> : <ArrowUp12Regular />)}
        </span>
      </button>
    </th>
  );
}
