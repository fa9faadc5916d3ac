import { Button } from '@fluentui/react-components';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Session } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import {
  Answer,
  BlockSkeleton,
  Card,
  ErrorNotice,
  type Fact,
  Facts,
  formatDuration,
  Page,
  TextLink,
  TimeText,
  useNow,
} from '../../ui/index.ts';
import { CancelSession } from './cancel-session.tsx';
import { SessionLog } from './session-log.tsx';
import styles from './session-page.module.css';
import { SessionProgress } from './session-progress.tsx';
import { SessionResult } from './session-result.tsx';
import { SessionState } from './session-state.tsx';
import { SessionSteps } from './session-steps.tsx';
import { elapsedSeconds, isActive, isOver, kindWords } from './session-words.ts';

const route = getRouteApi('/sessions/$sessionId');

export function SessionPage() {
  const { sessionId } = route.useParams();
  const query = useProcedure('session.get', { sessionId });
  const session = query.data;
  return (
    <Page
      title={session?.title ?? 'Session'}
      above={<TextLink to="/sessions">Sessions</TextLink>}
      badge={session && <SessionState session={session} />}
      subtitle={session && <SafeToClose session={session} />}
      actions={
        session &&
        isActive(session) && (
          <>
            {session.kind === 'file-recovery' && <OpenFiles sessionId={sessionId} />}
            <CancelSession session={session} />
          </>
        )
      }
      height="fill"
    >
      <Answer
        query={query}
        skeleton={<BlockSkeleton height={420} />}
        errorTitle="The session could not be read"
      >
        {(value) => <SessionBody session={value} />}
      </Answer>
    </Page>
  );
}

/** A file recovery session is used on a page of its own. */
function OpenFiles({ sessionId }: { sessionId: string }) {
  const navigate = useNavigate();
  return (
    <Button
      appearance="primary"
      onClick={() => void navigate({ to: '/files/$sessionId', params: { sessionId } })}
    >
      Open the files
    </Button>
  );
}

function SafeToClose({ session }: { session: Session }) {
  if (isOver(session)) return <>{kindWords[session.kind]} session</>;
  if (session.kind === 'file-recovery')
    return <>Open until it is closed, or until nobody has used it for a while.</>;
  return (
    <>Safe to close this window: the session goes on as long as Cairn runs, and resumes after a restart.</>
  );
}

function SessionBody({ session }: { session: Session }) {
  return (
    <div className={styles.columns}>
      <div className={styles.side}>
        <Card title="Steps">
          <SessionSteps steps={session.steps} over={isOver(session)} />
        </Card>
        <Card title="About">
          <SessionFacts session={session} />
        </Card>
      </div>
      <div className={styles.main}>
        {session.error !== null && (
          <ErrorNotice title={`${session.title} did not succeed`} error={session.error} />
        )}
        {isActive(session) && session.kind !== 'file-recovery' && (
          <Card title="Progress">
            <SessionProgress session={session} />
          </Card>
        )}
        {session.result !== null && <SessionResult session={session} result={session.result} />}
        <SessionLog sessionId={session.id} over={isOver(session)} />
      </div>
    </div>
  );
}

function SessionFacts({ session }: { session: Session }) {
  const now = useNow(isActive(session) ? 1000 : null);
  const seconds = elapsedSeconds(session, now);
  const facts: Fact[] = [
    { name: 'Kind', value: kindWords[session.kind] },
    ...(session.resourceId === null || session.resourceName === null
      ? []
      : [
          {
            name: 'Resource',
            value: (
              <TextLink to="/virtual-machines/id/$" params={{ _splat: session.resourceId.slice(1) }}>
                {session.resourceName}
              </TextLink>
            ),
          },
        ]),
    ...(session.repositoryId === null
      ? []
      : [{ name: 'Repository', value: <RepositoryName id={session.repositoryId} /> }]),
    { name: 'Started', value: session.startedAt === null ? '–' : <TimeText iso={session.startedAt} /> },
    { name: 'Ended', value: session.endedAt === null ? '–' : <TimeText iso={session.endedAt} /> },
    {
      name: 'Duration',
      value: <span className="figures">{seconds === null ? '–' : formatDuration(seconds)}</span>,
    },
  ];
  return <Facts facts={facts} />;
}

function RepositoryName({ id }: { id: string }) {
  const repositories = useProcedure('repository.list', {});
  const repository = repositories.data?.find((one) => one.id === id);
  if (repository === undefined)
    return <span className="muted">{repositories.isPending ? '' : 'No longer here'}</span>;
  return (
    <TextLink to="/repositories/$repositoryId" params={{ repositoryId: id }}>
      {repository.name}
    </TextLink>
  );
}
