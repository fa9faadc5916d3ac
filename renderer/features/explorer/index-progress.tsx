import { Spinner } from '@fluentui/react-components';
import type { FileIndexState, FileVolume } from '../../../core/contract/index.ts';
import styles from './index-progress.module.css';

export interface IndexProgressProps {
  readonly indexes: readonly FileIndexState[];
  readonly volumes: readonly FileVolume[];
  readonly found: number;
  /** There are more hits than are shown. */
  readonly more: boolean;
}

/** How much has been searched, so that nobody takes "not found" for "not there". */
export function IndexProgress({ indexes, volumes, found, more }: IndexProgressProps) {
  const nameOf = (id: string) => volumes.find((volume) => volume.id === id)?.name ?? id;
  const building = indexes.filter(({ state }) => state === 'building');
  const entries = indexes.reduce((sum, index) => sum + index.entries, 0);
  const unread = indexes.filter((index) => index.unread > 0);
  const failed = indexes.filter(({ state }) => state === 'failed');
  return (
    <div className={styles.line}>
      {building.length > 0 && <Spinner size="extra-tiny" />}
      <span role="status">
        {more ? `The first ${figure(found)} found. Type more to narrow it.` : `${figure(found)} found`}
        {building.length > 0
          ? `, still reading ${building.map(({ volumeId }) => nameOf(volumeId)).join(', ')}`
          : ''}
      </span>
      {indexes.length > 0 && <span className="muted">{figure(entries)} entries searched</span>}
      {unread.map(({ volumeId, unread: folders }) => (
        <span key={volumeId} className={styles.warning}>
          {`${figure(folders)} ${folders === 1 ? 'folder' : 'folders'} of ${nameOf(volumeId)} could not be read`}
        </span>
      ))}
      {failed.map(({ volumeId, problem }) => (
        <span key={volumeId} className={styles.warning}>
          {`${nameOf(volumeId)} could not be searched: ${problem ?? 'unknown reason'}`}
        </span>
      ))}
    </div>
  );
}

function figure(count: number): string {
  return count.toLocaleString('en');
}
