import type { ReactNode } from 'react';
import { useCommand, useProcedure } from '../../api/index.ts';
import { Answer, BlockSkeleton, Card } from '../../ui/index.ts';
import { DownloadLine } from '../downloads/index.ts';
import styles from './downloads-card.module.css';

/** All downloads that core remembers. */
export function DownloadsCard({ empty }: { empty: ReactNode }) {
  const query = useProcedure('download.list', {});
  const forget = useCommand('download.forget');
  return (
    <Card title="Downloads" inset="flush">
      <Answer
        query={query}
        skeleton={<BlockSkeleton height={90} />}
        errorTitle="The downloads could not be read"
      >
        {(downloads) =>
          downloads.length === 0 ? (
            empty
          ) : (
            <ul className={styles.list}>
              {downloads.map((download) => (
                <DownloadLine
                  key={download.id}
                  download={download}
                  onDismiss={() => forget.mutate({ downloadId: download.id })}
                />
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  );
}
