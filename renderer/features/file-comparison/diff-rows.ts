import type { FileComparison } from '../../../core/contract/index.ts';

type Line = NonNullable<FileComparison['lines']>[number];

export interface DiffRow {
  readonly key: string;
  /** Null: this side has no line here. */
  readonly left: { readonly number: number; readonly text: string } | null;
  readonly right: { readonly number: number; readonly text: string } | null;
  readonly change: 'same' | 'changed' | 'removed' | 'added';
}

/** A folded run of equal lines, or a row. */
export type DiffPart = DiffRow | { readonly key: string; readonly folded: number };

/** Equal lines kept around a difference. */
const context = 3;

/** Lines side by side: what was taken out stands beside what came in its place. */
export function diffRows(lines: readonly Line[]): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let left: { number: number; text: string }[] = [];
  let right: { number: number; text: string }[] = [];
  let [leftNumber, rightNumber] = [0, 0];
  const flush = () => {
    for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
      const [before = null, after = null] = [left[index], right[index]];
      const change = before === null ? 'added' : after === null ? 'removed' : 'changed';
      rows.push({ key: `${rows.length}`, left: before, right: after, change });
    }
    left = [];
    right = [];
  };
  for (const { side, text } of lines) {
    if (side !== 'right') leftNumber += 1;
    if (side !== 'left') rightNumber += 1;
    if (side === 'left') left.push({ number: leftNumber, text });
    else if (side === 'right') right.push({ number: rightNumber, text });
    else {
      flush();
      rows.push({
        key: `${rows.length}`,
        left: { number: leftNumber, text },
        right: { number: rightNumber, text },
        change: 'same',
      });
    }
  }
  flush();
  return rows;
}

/** Long runs of equal lines become one line that says how many they are. */
export function folded(rows: readonly DiffRow[]): readonly DiffPart[] {
  const near = new Set<number>();
  rows.forEach(({ change }, index) => {
    if (change === 'same') return;
    for (let at = index - context; at <= index + context; at += 1) near.add(at);
  });
  const parts: DiffPart[] = [];
  let run: DiffRow[] = [];
  const flush = () => {
    if (run.length > 1) parts.push({ key: `fold-${run[0]?.key}`, folded: run.length });
    else parts.push(...run);
    run = [];
  };
  rows.forEach((row, index) => {
    if (near.has(index)) {
      flush();
      parts.push(row);
    } else run.push(row);
  });
  flush();
  return parts;
}
