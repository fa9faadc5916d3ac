import { type ReactNode, useId } from 'react';
import styles from './card.module.css';

export interface CardProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** `flush`: the content (a table) reaches the card's edges. */
  readonly inset?: 'padded' | 'flush';
}

/** A titled part of a page. */
export function Card({ title, actions, children, inset = 'padded' }: CardProps) {
  const titleId = useId();
  return (
    <section className={styles.card} aria-labelledby={titleId}>
      <header className={styles.header}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        {actions}
      </header>
      <div className={inset === 'padded' ? styles.padded : styles.flush}>{children}</div>
    </section>
  );
}
