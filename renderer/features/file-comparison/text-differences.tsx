import { Switch } from '@fluentui/react-components';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { FileComparison } from '../../../core/contract/index.ts';
import { TruncatedText } from '../../ui/index.ts';
import { type DiffPart, type DiffRow, diffRows, folded } from './diff-rows.ts';
import styles from './file-comparison.module.css';

const rowHeight = 19;

export interface TextDifferencesProps {
  readonly lines: NonNullable<FileComparison['lines']>;
  readonly left: string;
  readonly right: string;
}

/** Two texts side by side. Signs and words tell what colours show. */
export function TextDifferences({ lines, left, right }: TextDifferencesProps) {
  const [all, setAll] = useState(false);
  const rows = useMemo(() => diffRows(lines), [lines]);
  const parts = useMemo<readonly DiffPart[]>(() => (all ? rows : folded(rows)), [rows, all]);
  const scroller = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: parts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 20,
  });
  const removed = lines.filter(({ side }) => side === 'left').length;
  const added = lines.filter(({ side }) => side === 'right').length;
  return (
    <>
      <div className={styles.tools}>
        <span>
          Lines only left: {removed.toLocaleString('en')}, only right: {added.toLocaleString('en')}
        </span>
        <Switch label="Show all lines" checked={all} onChange={(_, { checked }) => setAll(checked)} />
      </div>
      <div className={styles.texts}>
        <div className={styles.sides}>
          <TruncatedText text={left} cut="middle" />
          <TruncatedText text={right} cut="middle" />
        </div>
        <section
          className={styles.scroller}
          ref={scroller}
          aria-label="Differences of the text"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
        >
          <div className={styles.lines} style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const part = parts[index];
              if (part === undefined) return null;
              const place = { transform: `translateY(${start}px)` };
              return 'folded' in part ? (
                <div key={part.key} className={styles.folded} style={place}>
                  {part.folded} equal lines
                </div>
              ) : (
                <div key={part.key} className={styles.row} style={place}>
                  <Half line={part.left} mark={part.change === 'same' ? 'same' : 'removed'} />
                  <Half line={part.right} mark={part.change === 'same' ? 'same' : 'added'} />
                </div>
              );
            })}
          </div>
        </section>
      </div>
    </>
  );
}

const signs = { same: ' ', removed: '−', added: '+' } as const;

function Half({ line, mark }: { line: DiffRow['left']; mark: keyof typeof signs }) {
  if (line === null) return <div className={styles.half} data-mark="none" />;
  return (
    <div className={styles.half} data-mark={mark}>
      <span className={styles.number}>{line.number}</span>
      <span className={styles.sign}>{signs[mark]}</span>
      <span>{line.text}</span>
    </div>
  );
}
