import type { Session } from '../../../core/contract/index.ts';
import {
  formatDuration,
  type TableColumn,
  TextLink,
  TimeText,
  TruncatedText,
  useNow,
} from '../../ui/index.ts';
import { SessionState } from './session-state.tsx';
import { doneShare, elapsedSeconds, isActive, kindWords, outcome } from './session-words.ts';

const title: TableColumn<Session> = {
  id: 'title',
  header: 'Session',
  width: 'minmax(200px, 3fr)',
  sortBy: (session) => session.title,
  cell: (session) => (
    <TextLink to="/sessions/$sessionId" params={{ sessionId: session.id }}>
      <TruncatedText text={session.title} />
    </TextLink>
  ),
};
const kind: TableColumn<Session> = {
  id: 'kind',
  header: 'Kind',
  width: '86px',
  sortBy: (session) => kindWords[session.kind],
  cell: (session) => kindWords[session.kind],
};
const state: TableColumn<Session> = {
  id: 'state',
  header: 'State',
  width: 'minmax(130px, 1fr)',
  sortBy: (session) => session.state,
  cell: (session) => <StateWithShare session={session} />,
};
const started: TableColumn<Session> = {
  id: 'started',
  header: 'Started',
  width: '122px',
  sortBy: (session) => Date.parse(session.createdAt),
  cell: (session) => <TimeText iso={session.startedAt ?? session.createdAt} />,
};
const duration: TableColumn<Session> = {
  id: 'duration',
  header: 'Duration',
  width: '100px',
  align: 'end',
  sortBy: (session) => elapsedSeconds(session, Date.now()),
  cell: (session) => <Elapsed session={session} />,
};
const result: TableColumn<Session> = {
  id: 'outcome',
  header: 'Outcome',
  width: 'minmax(160px, 3fr)',
  cell: (session) => <TruncatedText text={outcome(session)} />,
};

/** Columns for lists of sessions: all of them on the sessions page, fewer inside other pages. */
export const sessionColumns = {
  all: [title, kind, state, started, duration, result],
  brief: [title, state, started, duration],
} as const;

function StateWithShare({ session }: { session: Session }) {
  const share = doneShare(session);
  return (
    <>
      <SessionState session={session} />
      {isActive(session) && share !== null && (
        <span className="figures muted">{Math.floor(share * 100)} %</span>
      )}
    </>
  );
}

function Elapsed({ session }: { session: Session }) {
  const now = useNow(isActive(session) ? 1000 : null);
  const seconds = elapsedSeconds(session, now);
  return <span className="figures">{seconds === null ? '–' : formatDuration(seconds)}</span>;
}
