import { getRouteApi } from '@tanstack/react-router';
import type { FileRecovery } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { Answer, BlockSkeleton, Page, StateMark, TextLink, TimeText } from '../../ui/index.ts';
import { Explorer } from '../explorer/index.ts';
import { ClosingSoon } from './closing-soon.tsx';
import { ClosedRecovery, FailedRecovery, OpeningRecovery } from './recovery-not-open.tsx';
import { recoveryStates, roadWords, sourceWords } from './recovery-words.ts';
import { SessionBar } from './session-bar.tsx';

const route = getRouteApi('/files/$sessionId');

/** The files of an open restore point, or why they are not there yet or any more. */
export function FilesPage() {
  const { sessionId } = route.useParams();
  const query = useProcedure('files.get', { sessionId });
  const recovery = query.data;
  return (
    <Page
      title={recovery === undefined ? 'Files' : `Files of ${recovery.resourceName}`}
      above={<TextLink to="/file-recovery">File recovery</TextLink>}
      badge={recovery && recovery.state !== 'open' && <StateMark {...recoveryStates[recovery.state]} />}
      subtitle={recovery && <PointLine recovery={recovery} />}
      actions={recovery?.state === 'open' && <SessionBar recovery={recovery} />}
      height="fill"
      width="full"
    >
      <Answer
        query={query}
        skeleton={<BlockSkeleton height={480} />}
        errorTitle="The session could not be read"
      >
        {(value) => <RecoveryBody recovery={value} />}
      </Answer>
    </Page>
  );
}

function PointLine({ recovery }: { recovery: FileRecovery }) {
  return (
    <>
      As of <TimeText iso={recovery.takenAt} /> · {roadWords[recovery.road]}, {sourceWords[recovery.source]}
      {recovery.worker !== null && `, in ${recovery.worker.region}`}
    </>
  );
}

function RecoveryBody({ recovery }: { recovery: FileRecovery }) {
  const { state, volumes, closesAt } = recovery;
  if (state === 'open' && volumes !== null)
    return (
      <>
        {closesAt !== null && <ClosingSoon sessionId={recovery.sessionId} closesAt={closesAt} />}
        <Explorer key={recovery.sessionId} recovery={recovery} volumes={volumes} />
      </>
    );
  if (state === 'failed') return <FailedRecovery recovery={recovery} />;
  if (state === 'closed') return <ClosedRecovery recovery={recovery} />;
  return <OpeningRecovery recovery={recovery} />;
}
