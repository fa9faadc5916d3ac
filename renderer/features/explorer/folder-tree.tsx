import { ChevronDown12Regular, ChevronRight12Regular } from '@fluentui/react-icons';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { TruncatedText } from '../../ui/index.ts';
import { FileIcon, visibleName } from '../files/index.ts';
import styles from './folder-tree.module.css';
import { lineAfterKey } from './list-keys.ts';
import { rowAfterKey } from './tree-keys.ts';
import type { TreeRow } from './use-tree-rows.ts';

const rowHeight = 28;

export interface FolderTreeProps {
  readonly label: string;
  /** What the volume's root is called. */
  readonly rootName: string;
  readonly rows: readonly TreeRow[];
  readonly openPath: string;
  readonly onOpen: (path: string) => void;
  readonly onFold: (path: string, open: boolean) => void;
}

/** The folders of a volume. One stop of the Tab key; arrows move, fold and unfold, letters jump, Enter opens. */
export function FolderTree({ label, rootName, rows, openPath, onOpen, onFold }: FolderTreeProps) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [marked, setMarked] = useState<string | null>(null);
  const openIndex = rows.findIndex(({ path }) => path === openPath);
  const markedIndex = rows.findIndex(({ path }) => path === marked);
  const active = markedIndex === -1 ? openIndex : markedIndex;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  useEffect(() => setMarked(openPath), [openPath]);
  useEffect(() => {
    if (active >= 0) virtualizer.scrollToIndex(active);
  }, [active, virtualizer]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rows[active];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const next =
      lineAfterKey(event.key, { active, total: rows.length, page }) ?? rowAfterKey(event.key, rows, active);
    if (typeof next === 'number') setMarked(rows[next]?.path ?? null);
    else if (next !== null && row !== undefined) onFold(row.path, next === 'unfold');
    else if ((event.key === 'Enter' || event.key === ' ') && row?.kind === 'folder') onOpen(row.path);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const inSight = virtualizer.getVirtualItems();
  const activeInSight = inSight.some(({ index }) => index === active);
  return (
    <div
      className={styles.tree}
      ref={scroller}
      role="tree"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={activeInSight ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className={styles.body} role="none" style={{ height: virtualizer.getTotalSize() }}>
        {inSight.map(({ index, start }) => {
          const row = rows[index];
          return (
            row && (
              <Row
                key={row.path}
                id={`${id}-${index}`}
                row={row.path === '/' ? { ...row, name: rootName } : row}
                start={start}
                active={index === active}
                selected={row.path === openPath}
                onOpen={onOpen}
                onFold={onFold}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

interface RowProps extends Pick<FolderTreeProps, 'onOpen' | 'onFold'> {
  readonly id: string;
  readonly row: TreeRow;
  readonly start: number;
  readonly active: boolean;
  readonly selected: boolean;
}

function Row({ id, row, start, active, selected, onOpen, onFold }: RowProps) {
  const place = { transform: `translateY(${start}px)`, paddingLeft: 4 + (row.level - 1) * 14 };
  if (row.kind !== 'folder')
    return (
      <div
        id={id}
        className={styles.row}
        style={place}
        role="treeitem"
        tabIndex={-1}
        aria-level={row.level}
        aria-disabled="true"
        aria-selected={false}
        data-active={active}
      >
        <span className={styles.fold} />
        <span className="muted">{row.name}</span>
      </div>
    );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for its lines
    <div
      id={id}
      className={styles.row}
      style={place}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.level}
      aria-expanded={row.open}
      aria-selected={selected}
      data-active={active}
      onClick={() => onOpen(row.path)}
    >
      <span
        className={styles.fold}
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          onFold(row.path, !row.open);
        }}
      >
        {row.open ? <ChevronDown12Regular /> : <ChevronRight12Regular />}
      </span>
      <FileIcon kind="directory" name={row.name} />
      <TruncatedText text={visibleName(row.name)} cut="middle" />
    </div>
  );
}
