import type { ReactNode } from 'react';
import styles from './filter-bar.module.css';

export interface FilterBarProps {
  readonly shown: number;
  readonly total: number;
  /** Plural, e.g. `sessions`. */
  readonly noun: string;
  readonly children: ReactNode;
}

/** The filters above a table, and how many rows they leave. */
export function FilterBar({ shown, total, noun, children }: FilterBarProps) {
  return (
    <search className={styles.bar}>
      {children}
      <span className={styles.count} aria-live="polite">
        {shown === total ? `${total} ${noun}` : `${shown} of ${total} ${noun}`}
      </span>
    </search>
  );
}
