import { useProcedure } from '../../api/index.ts';
import { Answer, BlockSkeleton, Card, EmptyState, Page } from '../../ui/index.ts';
import { DownloadsCard } from './downloads-card.tsx';
import { OpenRecoveries } from './open-recoveries.tsx';
import { TakenCard } from './taken-card.tsx';

/** What is open now, what is being downloaded, and the record of everything that was taken. */
export function FileRecoveryPage() {
  const opened = useProcedure('files.opened', {});
  return (
    <Page title="File recovery" subtitle="Single files and folders out of restore points.">
      <Card title="Open sessions" inset="flush">
        <Answer
          query={opened}
          skeleton={<BlockSkeleton height={90} />}
          errorTitle="The open sessions could not be read"
        >
          {(recoveries) => <OpenRecoveries recoveries={recoveries} />}
        </Answer>
      </Card>
      <DownloadsCard
        empty={
          <EmptyState
            size="small"
            title="No downloads"
            text="What you download out of a restore point appears here."
          />
        }
      />
      <TakenCard />
    </Page>
  );
}
