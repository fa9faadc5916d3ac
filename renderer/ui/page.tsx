import { type ReactNode, useEffect } from 'react';
import styles from './page.module.css';

export interface PageProps {
  readonly title: string;
  /** Links to the pages above this one. */
  readonly above?: ReactNode;
  /** Beside the title: a state badge. */
  readonly badge?: ReactNode;
  /** One line under the title. */
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** `fill`: the page never scrolls, its table does. */
  readonly height?: 'grow' | 'fill';
  /** `full`: takes a wide window whole. */
  readonly width?: 'wide' | 'narrow' | 'full';
}

/** A page's frame: where we are, what it is called, what can be done, and the content. */
export function Page(props: PageProps) {
  const { title, height = 'grow', width = 'wide' } = props;
  useEffect(() => {
    document.title = `${title} · Cairn`;
  }, [title]);
  return (
    <main className={styles.page} data-height={height} data-width={width} tabIndex={-1} id="page">
      <header className={styles.header}>
        <div className={styles.heading}>
          {props.above !== undefined && (
            <nav className={styles.above} aria-label="Breadcrumb">
              {props.above}
            </nav>
          )}
          <div className={styles.titleLine}>
            <h1 className={styles.title} title={title}>
              {title}
            </h1>
            {props.badge}
          </div>
          <div className={styles.subtitle}>{props.subtitle}</div>
        </div>
        {props.actions !== undefined && <div className={styles.actions}>{props.actions}</div>}
      </header>
      {props.children}
    </main>
  );
}
