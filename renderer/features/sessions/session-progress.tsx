import { ProgressBar } from '@fluentui/react-components';
import type { Session } from '../../../core/contract/index.ts';
import { formatBytes, formatSpeed, formatTimeLeft } from '../../ui/index.ts';
import styles from './session-progress.module.css';
import { doneShare } from './session-words.ts';
import { useProgressAnnouncement } from './use-progress-announcement.ts';

const storedLabel = { backup: 'Stored', restore: 'Written' } as const;

/** How far a running session is: share, bytes, speed, time left. Its figures never move their neighbours. */
export function SessionProgress({ session }: { session: Session }) {
  useProgressAnnouncement(session);
  const share = doneShare(session);
  const progress = session.progress;
  const step = session.steps.find(({ state }) => state === 'running');
  return (
    <div className={styles.progress}>
      <div className={styles.line}>
        <span className={styles.step}>{step?.title ?? 'Getting ready'}</span>
        <span className={styles.share}>{share === null ? '' : `${Math.floor(share * 100)} %`}</span>
      </div>
      <ProgressBar
        thickness="large"
        aria-label={`Progress of ${session.title}`}
        {...(share === null ? {} : { value: share })}
      />
      <dl className={styles.figures}>
        <div>
          <dt>Processed</dt>
          <dd>
            {progress === null || progress.totalBytes === 0
              ? '–'
              : `${formatBytes(progress.doneBytes)} of ${formatBytes(progress.totalBytes)}`}
          </dd>
        </div>
        {(session.kind === 'backup' || session.kind === 'restore') && (
          <div>
            <dt>{storedLabel[session.kind]}</dt>
            <dd>{progress === null ? '–' : formatBytes(progress.storedBytes)}</dd>
          </div>
        )}
        <div>
          <dt>Speed</dt>
          <dd>{progress === null ? '–' : formatSpeed(progress.bytesPerSecond)}</dd>
        </div>
        <div>
          <dt>Time left</dt>
          <dd>{progress?.secondsLeft == null ? '–' : formatTimeLeft(progress.secondsLeft)}</dd>
        </div>
      </dl>
    </div>
  );
}
