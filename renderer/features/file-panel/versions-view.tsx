import { ProgressBar } from '@fluentui/react-components';
import type { FilePlace, FileVersion } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { Answer, BlockSkeleton, EmptyState, formatBytes, formatFullTime, TimeText } from '../../ui/index.ts';
import styles from './file-panel.module.css';

const pollMilliseconds = 800;

export interface VersionActions {
  /** Compares an older or newer version with the one that is open. */
  readonly onCompare: (version: FileVersion) => void;
  readonly onDownload: (version: FileVersion) => void;
  /** Shows the folder as it was then. */
  readonly onBrowse: (version: FileVersion) => void;
}

export interface VersionsViewProps extends VersionActions {
  readonly sessionId: string;
  readonly pointId: string;
  readonly place: FilePlace;
}

const changeWords: Record<FileVersion['change'], string> = {
  first: 'First seen',
  same: 'Unchanged',
  changed: 'Changed',
  appeared: 'Appeared',
  gone: 'Not there any more',
  unknown: 'Not compared',
};

/** When a file changed: what each restore point of the machine has of it, newest first. */
export function VersionsView(props: VersionsViewProps) {
  const { sessionId, place } = props;
  const query = useProcedure(
    'files.versions',
    { sessionId, ...place },
    { every: (answer) => (answer?.state === 'working' ? pollMilliseconds : false) },
  );
  return (
    <Answer
      query={query}
      skeleton={<BlockSkeleton height={240} />}
      errorTitle="The versions could not be read"
    >
      {({ state, looked, points, versions }) => (
        <>
          <div className={styles.progress} role="status">
            {state === 'working'
              ? `Looking into restore point ${Math.min(looked + 1, points)} of ${points}…`
              : `${points === 1 ? 'One restore point' : `${points} restore points`} looked at`}
            {state === 'working' && <ProgressBar value={points === 0 ? undefined : looked / points} />}
          </div>
          {versions.length === 0 && state === 'done' && (
            <EmptyState
              size="small"
              title="No other versions"
              text="No restore point of this machine has this file."
            />
          )}
          <ol className={styles.versions} aria-label="Versions, newest first">
            {versions.map((version) => (
              <Version key={version.pointId} version={version} {...props} />
            ))}
          </ol>
        </>
      )}
    </Answer>
  );
}

function Version({ version, pointId, ...actions }: VersionsViewProps & { version: FileVersion }) {
  const when = formatFullTime(version.takenAt);
  const here = version.pointId === pointId;
  const present = version.presence === 'present';
  return (
    <li className={styles.version} data-change={version.change}>
      <div className={styles.when}>
        <TimeText iso={version.takenAt} />
        {here && <span className={styles.here}>Open now</span>}
      </div>
      <div className={styles.what}>{describe(version)}</div>
      {!here && (
        <div className={styles.ways}>
          {present && (
            <>
              <button
                type="button"
                className="text-button"
                aria-label={`Compare with ${when}`}
                onClick={() => actions.onCompare(version)}
              >
                Compare
              </button>
              <button
                type="button"
                className="text-button"
                aria-label={`Download the version of ${when}`}
                onClick={() => actions.onDownload(version)}
              >
                Download
              </button>
            </>
          )}
          <button
            type="button"
            className="text-button"
            aria-label={`Browse as of ${when}`}
            onClick={() => actions.onBrowse(version)}
          >
            Browse
          </button>
        </div>
      )}
    </li>
  );
}

function describe({ presence, change, sizeBytes, problem }: FileVersion): string {
  if (presence === 'unreadable') return `Could not be read: ${problem ?? 'unknown reason'}`;
  if (presence === 'absent') return change === 'gone' ? changeWords.gone : 'Not there';
  return [changeWords[change], ...(sizeBytes === null ? [] : [formatBytes(sizeBytes)])].join(' · ');
}
