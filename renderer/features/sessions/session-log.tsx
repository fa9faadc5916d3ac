import { Switch } from '@fluentui/react-components';
import { type UIEvent, useLayoutEffect, useRef, useState } from 'react';
import type { LogEntry } from '../../../core/contract/index.ts';
import { useSessionLog } from '../../api/index.ts';
import { ErrorNotice, formatClock, formatFullTime } from '../../ui/index.ts';
import styles from './session-log.module.css';

/** The session's log as it grows. Follows its end unless the reader has scrolled up. */
export function SessionLog({ sessionId, over }: { sessionId: string; over: boolean }) {
  const log = useSessionLog(sessionId);
  const [troubleOnly, setTroubleOnly] = useState(false);
  const follows = useRef(true);
  const list = useRef<HTMLOListElement>(null);
  const entries = (log.data ?? []).filter(({ level }) => !troubleOnly || level !== 'info');

  useLayoutEffect(() => {
    if (follows.current && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  });
  const onScroll = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: UIEvent<HTMLElement>) => {
    follows.current = scrollHeight - scrollTop - clientHeight < 30;
  };

  return (
    <section className={styles.card} aria-label="Log">
      <header className={styles.header}>
        <h2>Log</h2>
        <Switch
          label="Only warnings and errors"
          checked={troubleOnly}
          onChange={(_, { checked }) => setTroubleOnly(checked)}
        />
      </header>
      {log.error !== null && <ErrorNotice title="The log could not be read" error={log.error} />}
      <ol
        className={styles.list}
        ref={list}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label="Log entries"
      >
        {entries.map((entry) => (
          <Entry key={entry.seq} entry={entry} />
        ))}
        {entries.length === 0 && !log.isPending && (
          <li className={styles.none}>
            {troubleOnly
              ? 'No warnings and no errors.'
              : over
                ? 'Nothing was logged.'
                : 'Nothing has been logged yet.'}
          </li>
        )}
      </ol>
    </section>
  );
}

function Entry({ entry }: { entry: LogEntry }) {
  const details = Object.entries(entry.details);
  return (
    <li className={styles.entry} data-level={entry.level}>
      <time dateTime={entry.time} title={formatFullTime(entry.time)} className={styles.time}>
        {formatClock(entry.time)}
      </time>
      <div className={styles.text}>
        {entry.level !== 'info' && <strong>{entry.level === 'warning' ? 'Warning: ' : 'Error: '}</strong>}
        {entry.text}
        {details.length > 0 && (
          <details className={styles.details}>
            <summary>Details</summary>
            {details.map(([name, value]) => (
              <div key={name}>
                {name}: {value}
              </div>
            ))}
          </details>
        )}
      </div>
    </li>
  );
}
