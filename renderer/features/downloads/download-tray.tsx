import { Button } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronUpRegular } from '@fluentui/react-icons';
import { useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import type { Download } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { DownloadLine } from './download-line.tsx';
import styles from './download-tray.module.css';
import { doneShare, isEnded } from './download-words.ts';

/** The downloads that go on, and those that ended since the console was opened, on top of every page. */
export function DownloadTray() {
  const [openedAt] = useState(() => Date.now());
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const [foldedByHand, setFolded] = useState<boolean | null>(null);
  const downloads = useProcedure('download.list', { limit: 50 }).data ?? [];
  const shown = downloads.filter(
    (one) =>
      !dismissed.has(one.id) && (!isEnded(one) || Date.parse(one.endedAt ?? one.createdAt) >= openedAt),
  );
  const listedAlready = useRouterState({ select: ({ location }) => location.pathname === '/file-recovery' });
  if (shown.length === 0 || listedAlready) return null;
  // What somebody paused earlier is no news.
  const folded = foldedByHand ?? shown.every(({ state }) => state === 'paused');
  return (
    <section className={styles.tray} aria-label="Downloads">
      <header className={styles.header}>
        <span role="status">{trayTitle(shown)}</span>
        <Button
          size="small"
          appearance="subtle"
          icon={folded ? <ChevronUpRegular /> : <ChevronDownRegular />}
          aria-expanded={!folded}
          aria-label={folded ? 'Show downloads' : 'Fold downloads'}
          onClick={() => setFolded(!folded)}
        />
      </header>
      {!folded && (
        <ul className={styles.lines}>
          {shown.map((download) => (
            <DownloadLine
              key={download.id}
              download={download}
              onDismiss={() => setDismissed(new Set([...dismissed, download.id]))}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Changes rarely enough to be read out. */
export function trayTitle(downloads: readonly Download[]): string {
  const going = downloads.filter((one) => !isEnded(one));
  if (going.length === 0) {
    const failed = downloads.filter(({ state }) => state === 'failed').length;
    return failed > 0 ? `${failed} of ${downloads.length} downloads failed` : 'Downloads complete';
  }
  const shares = going.map((one) => doneShare(one) ?? 0);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const quarter = Math.floor(mean * 4) * 25;
  return `${going.length === 1 ? '1 download' : `${going.length} downloads`}${quarter > 0 ? `, over ${quarter} %` : ''}`;
}
