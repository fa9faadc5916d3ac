import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
} from 'react';
import type { FileItem } from '../files/index.ts';
import type { FileOrder } from './explorer-store.ts';
import type { FileColumn } from './file-columns.tsx';
import styles from './file-grid.module.css';
import { FileGridHead } from './file-grid-head.tsx';
import { FileGridRow } from './file-grid-row.tsx';
import { clickedLine, indexUnder, itemUnder, pressedKey } from './grid-input.ts';
import type { ListSource } from './list-source.ts';
import { isSelected, selectedCount } from './selection.ts';
import type { SelectionControl } from './use-selection.ts';
import { useWidth } from './use-width.ts';

const rowHeight = 32;
const headHeight = 32;

export interface FileGridHandle {
  focus(): void;
}

export interface FileGridProps {
  /** Names the list for screen readers. */
  readonly label: string;
  readonly source: ListSource;
  readonly columns: readonly FileColumn[];
  readonly control: SelectionControl;
  readonly sort: { readonly order: FileOrder; readonly descending: boolean } | null;
  readonly onSort: (order: FileOrder) => void;
  readonly onOpen: (item: FileItem) => void;
  /** Asks for the menu of what is selected, at a point of the window. */
  readonly onMenu: (at: { readonly x: number; readonly y: number }) => void;
  /** Somebody types while the list has the focus. */
  readonly onType: (sign: string) => void;
  /** Shown instead of lines when there are none. */
  readonly empty: ReactNode;
  readonly ref?: Ref<FileGridHandle>;
}

/** A list of files of any length: only the lines in sight are drawn and read. Everything in it works by keyboard. */
export function FileGrid(props: FileGridProps) {
  const { source, control } = props;
  const { selection } = control;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const width = useWidth(scroller);
  const columns = props.columns.filter(({ from = 0 }) => width === null || width >= from);
  const virtualizer = useVirtualizer({
    count: source.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // The head lies above the lines and stays in sight.
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    overscan: 10,
  });
  const inSight = virtualizer.getVirtualItems();
  const first = inSight[0]?.index ?? 0;
  const last = inSight.at(-1)?.index ?? 0;
  const { look, key } = source;
  useEffect(() => look(first, last), [look, first, last]);
  useImperativeHandle(props.ref, () => ({ focus: () => grid.current?.focus({ preventScroll: true }) }), []);
  const { active } = selection;
  useEffect(() => {
    if (active !== null) virtualizer.scrollToIndex(active);
  }, [active, virtualizer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useEffect(() => {
    if (active === null) virtualizer.scrollToOffset(0);
  }, [key, virtualizer]);

  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || !pressedKey(event, props, page)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const activeInSight = active !== null && active >= first && active <= last;
  const tracks = { '--tracks': columns.map((column) => column.width).join(' ') } as CSSProperties;
  const count = selectedCount(selection, source.total);

  return (
    <div className={styles.scroller} ref={scroller}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the pattern of an interactive grid
        role="grid"
        className={styles.grid}
        data-empty={source.total === 0}
        style={tracks}
        ref={grid}
        tabIndex={0}
        aria-label={props.label}
        aria-multiselectable="true"
        aria-rowcount={source.total + 1}
        aria-colcount={columns.length + 1}
        aria-activedescendant={activeInSight ? `${id}-${active}` : undefined}
        onKeyDown={onKeyDown}
        onClick={(event) => clickedLine(event, control)}
        onDoubleClick={(event) => {
          const item = itemUnder(event, source);
          if (item !== undefined) props.onOpen(item);
        }}
        onContextMenu={(event) => {
          const index = indexUnder(event);
          if (index === null) return;
          event.preventDefault();
          const item = source.itemAt(index);
          if (item !== undefined && !isSelected(selection, item)) control.only(index);
          props.onMenu({ x: event.clientX, y: event.clientY });
        }}
      >
        <FileGridHead
          columns={columns}
          sort={props.sort}
          onSort={props.onSort}
          checked={count === 0 ? 'none' : count === source.total ? 'all' : 'some'}
          onAll={() => (count === source.total ? control.none() : control.all())}
        />
        <tbody className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
          {inSight.map(({ index, start }) => {
            const item = source.itemAt(index);
            return (
              <FileGridRow
                key={index}
                id={`${id}-${index}`}
                index={index}
                start={start - headHeight}
                item={item}
                columns={columns}
                selected={item === undefined ? selection.inverted : isSelected(selection, item)}
                active={index === active}
              />
            );
          })}
        </tbody>
      </table>
      {source.total === 0 && <div className={styles.instead}>{props.empty}</div>}
    </div>
  );
}
