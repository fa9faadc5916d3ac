import type { ReactNode } from 'react';
import { CairnMark } from './cairn-mark.tsx';
import styles from './empty-state.module.css';

export interface EmptyStateProps {
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
  /** `small`: inside a card, without the mark. */
  readonly size?: 'page' | 'small';
}

/** Says what would be here and how to get it. */
export function EmptyState({ title, text, action, size = 'page' }: EmptyStateProps) {
  return (
    <div className={size === 'page' ? styles.page : styles.small}>
      {size === 'page' && <CairnMark size={48} />}
      <p className={styles.title}>{title}</p>
      <p className={styles.text}>{text}</p>
      {action}
    </div>
  );
}
