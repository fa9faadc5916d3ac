import { Checkmark12Filled } from '@fluentui/react-icons';
import type { FileItem } from '../files/index.ts';
import type { FileColumn } from './file-columns.tsx';
import styles from './file-grid.module.css';

export interface FileGridRowProps {
  readonly id: string;
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly start: number;
  /** Undefined while it is being read. */
  readonly item: FileItem | undefined;
  readonly columns: readonly FileColumn[];
  readonly selected: boolean;
  readonly active: boolean;
}

/** One line. Its box is for the mouse; the keyboard and screen readers have the line itself. */
export function FileGridRow({ id, index, start, item, columns, selected, active }: FileGridRowProps) {
  return (
    <tr
      id={id}
      className={styles.row}
      style={{ transform: `translateY(${start}px)` }}
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-busy={item === undefined}
      data-index={index}
      data-active={active}
    >
      <td className={styles.cell}>
        <span className={styles.box} data-box="" data-checked={selected} aria-hidden="true">
          <Checkmark12Filled />
        </span>
      </td>
      {columns.map((column) => (
        <td key={column.id} className={styles.cell} data-align={column.align}>
          {item === undefined ? <span className={styles.unread} /> : column.cell(item)}
        </td>
      ))}
    </tr>
  );
}
