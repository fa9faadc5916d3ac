import { Button, ProgressBar } from '@fluentui/react-components';
import { DismissRegular, PauseRegular, PlayRegular } from '@fluentui/react-icons';
import type { Download } from '../../../core/contract/index.ts';
import { useCommand } from '../../api/index.ts';
import { CopyButton, StateMark, TruncatedText } from '../../ui/index.ts';
import { visibleName } from '../files/index.ts';
import styles from './download-line.module.css';
import { doneShare, downloadStates, isEnded, progressText } from './download-words.ts';

export interface DownloadLineProps {
  readonly download: Download;
  /** Takes an ended download out of sight. */
  readonly onDismiss: () => void;
}

/** One download: how far it is, what can be done with it, and what came of it. */
export function DownloadLine({ download, onDismiss }: DownloadLineProps) {
  const { text, tone } = downloadStates[download.state];
  const ended = isEnded(download);
  const title = visibleName(download.title);
  return (
    <li className={styles.line}>
      <div className={styles.top}>
        <span className={styles.title}>
          <TruncatedText text={title} cut="middle" />
          <span className="muted">{download.resourceName}</span>
        </span>
        <span className={styles.buttons}>
          <Controls download={download} title={title} />
          {ended && (
            <Button
              size="small"
              appearance="subtle"
              icon={<DismissRegular />}
              aria-label={`Dismiss ${title}`}
              onClick={onDismiss}
            />
          )}
        </span>
      </div>
      {!ended && (
        <ProgressBar
          aria-label={`Progress of ${title}`}
          value={
            download.state === 'running' || download.state === 'paused'
              ? (doneShare(download) ?? undefined)
              : 0
          }
          color={download.state === 'paused' ? 'warning' : 'brand'}
        />
      )}
      <div className={styles.state}>
        <StateMark tone={tone} text={text} />
        <span className="figures">{progressText(download)}</span>
      </div>
      <Outcome download={download} />
    </li>
  );
}

function Controls({ download, title }: { download: Download; title: string }) {
  const pause = useCommand('download.pause');
  const resume = useCommand('download.resume');
  const cancel = useCommand('download.cancel');
  const input = { downloadId: download.id };
  if (isEnded(download)) return null;
  return (
    <>
      {download.target.kind === 'path' && download.state === 'running' && (
        <Button
          size="small"
          appearance="subtle"
          icon={<PauseRegular />}
          aria-label={`Pause ${title}`}
          disabled={pause.isPending}
          onClick={() => pause.mutate(input)}
        />
      )}
      {download.state === 'paused' && (
        <Button
          size="small"
          appearance="subtle"
          icon={<PlayRegular />}
          aria-label={`Resume ${title}`}
          disabled={resume.isPending}
          onClick={() => resume.mutate(input)}
        />
      )}
      <Button
        size="small"
        appearance="subtle"
        icon={<DismissRegular />}
        aria-label={`Cancel ${title}`}
        disabled={cancel.isPending}
        onClick={() => cancel.mutate(input)}
      />
    </>
  );
}

function Outcome({ download }: { download: Download }) {
  const { error, sha256, target, problems, renamed, state } = download;
  return (
    <>
      {error !== null && (
        <div className={styles.error} role="alert">
          {error.message} {error.hint}
        </div>
      )}
      {target.kind === 'path' && state !== 'cancelled' && (
        <div className={styles.detail}>
          <TruncatedText text={target.path} cut="start" />
        </div>
      )}
      {sha256 !== null && (
        <div className={styles.detail}>
          <span className={styles.hash} title={sha256}>
            SHA-256 {sha256}
          </span>
          <CopyButton text={sha256} label="Copy SHA-256" />
        </div>
      )}
      <Fold
        title={problems.length === 1 ? '1 item was left out' : `${problems.length} items were left out`}
        lines={problems.map(({ path, reason }) => `${path}: ${reason}`)}
      />
      <Fold
        title={renamed.length === 1 ? '1 name was changed' : `${renamed.length} names were changed`}
        lines={renamed.map(({ from, to }) => `${from} → ${to}`)}
      />
    </>
  );
}

function Fold({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <details className={styles.fold}>
      <summary>{title}</summary>
      <ul>
        {lines.map((line) => (
          <li key={line}>{visibleName(line)}</li>
        ))}
      </ul>
    </details>
  );
}
