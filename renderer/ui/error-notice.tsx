import { Button, Link, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useId, useState } from 'react';
import type { ErrorRecord } from '../../core/contract/index.ts';
import styles from './notice.module.css';

export interface ErrorNoticeProps {
  /** An AppError or its record: both have these fields. */
  readonly error: Pick<ErrorRecord, 'code' | 'message' | 'hint' | 'retryable' | 'details'>;
  /** What was being tried, e.g. `Virtual machines could not be read`. */
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** What happened, what the operator can do, and the technology's own words behind a fold. */
export function ErrorNotice({ error, title, onRetry }: ErrorNoticeProps) {
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  const cancelled = error.code === 'cancelled';
  return (
    <MessageBar
      intent={cancelled ? 'warning' : 'error'}
      layout="multiline"
      className={styles.notice}
      role="alert"
    >
      <MessageBarBody className={styles.body}>
        {title !== undefined && <MessageBarTitle>{title}</MessageBarTitle>}
        <p className={title === undefined ? styles.message : styles.plain}>{error.message}</p>
        {error.hint !== '' && <p className={styles.hint}>{error.hint}</p>}
        <div className={styles.ways}>
          {onRetry !== undefined && (
            <Button size="small" onClick={onRetry}>
              Try again
            </Button>
          )}
          <Link as="button" aria-expanded={open} aria-controls={detailsId} onClick={() => setOpen(!open)}>
            {open ? 'Hide details' : 'Show details'}
          </Link>
        </div>
        <dl id={detailsId} className={styles.details} hidden={!open}>
          {[['error', error.code], ...Object.entries(error.details)].map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </MessageBarBody>
    </MessageBar>
  );
}
