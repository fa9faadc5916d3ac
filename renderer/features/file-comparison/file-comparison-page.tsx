import { Button, Spinner } from '@fluentui/react-components';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import type { FileComparison } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { Answer, BlockSkeleton, BytesText, EmptyState, ErrorNotice, Page } from '../../ui/index.ts';
import { DifferencesTable } from './differences-table.tsx';
import styles from './file-comparison.module.css';
import { TextDifferences } from './text-differences.tsx';

const route = getRouteApi('/files/$sessionId/compare/$comparisonId');
const pollMilliseconds = 700;

export function FileComparisonPage() {
  const { comparisonId } = route.useParams();
  const { left = 'Left', right = 'Right' } = route.useSearch();
  const { history } = useRouter();
  const query = useProcedure(
    'files.comparison',
    { comparisonId },
    { every: (answer) => (answer?.state === 'working' ? pollMilliseconds : false) },
  );
  return (
    <Page
      title="Compare"
      subtitle={query.data && <Compared comparison={query.data} />}
      actions={<Button onClick={() => history.back()}>Back to the files</Button>}
      height="fill"
      width="full"
    >
      <Answer
        query={query}
        skeleton={<BlockSkeleton height={420} />}
        errorTitle="The comparison could not be read"
      >
        {(comparison) => <Result comparison={comparison} left={left} right={right} />}
      </Answer>
    </Page>
  );
}

function Compared({ comparison: { state, entriesCompared, bytesCompared } }: { comparison: FileComparison }) {
  return (
    <span className={styles.compared} role="status">
      {state === 'working' && <Spinner size="extra-tiny" />}
      {state === 'working' ? 'Comparing: ' : ''}
      {entriesCompared.toLocaleString('en')} {entriesCompared === 1 ? 'entry' : 'entries'},{' '}
      <BytesText bytes={bytesCompared} /> of content
    </span>
  );
}

interface ResultProps {
  readonly comparison: FileComparison;
  readonly left: string;
  readonly right: string;
}

function Result({ comparison, left, right }: ResultProps) {
  const { state, error, differences, lines } = comparison;
  if (error !== null) return <ErrorNotice title="The comparison failed" error={error} />;
  if (state === 'done' && differences.length === 0)
    return (
      <EmptyState
        title="No differences"
        text="Content and metadata are the same on both sides, byte for byte."
      />
    );
  return (
    <>
      {!(lines !== null && differences.length === 1) && (
        <DifferencesTable comparison={comparison} left={left} right={right} />
      )}
      {lines !== null && <TextDifferences lines={lines} left={left} right={right} />}
    </>
  );
}
