import type { Session } from '../../../core/contract/index.ts';
import { Card, TextLink } from '../../ui/index.ts';
import { SessionProgress } from './session-progress.tsx';

/** A running session inside another page. */
export function SessionCard({ session }: { session: Session }) {
  return (
    <Card
      title={session.title}
      actions={
        <TextLink to="/sessions/$sessionId" params={{ sessionId: session.id }}>
          Open session
        </TextLink>
      }
    >
      <SessionProgress session={session} />
    </Card>
  );
}
