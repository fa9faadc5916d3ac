import type { ReactNode } from 'react';

/** One column of a DataTable. */
export interface TableColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** True: the header is only read out, e.g. over a column of links. */
  readonly quietHeader?: boolean;
  /** A CSS grid track, e.g. `minmax(160px, 2fr)`. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the column sorts by; null sorts last. Without it the column cannot be sorted. */
  readonly sortBy?: (row: Row) => string | number | null;
  /** Figures stand at the end of their column. */
  readonly align?: 'end';
}

export interface TableSort {
  readonly id: string;
  readonly desc: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Names as people order them (`vm-2` before `vm-10`), numbers by value. */
export function compareValues(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return collator.compare(String(one), String(other));
}
