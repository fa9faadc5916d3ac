import type { Session } from '../../../core/contract/index.ts';
import { StateMark } from '../../ui/index.ts';
import { stateWords } from './session-words.ts';

export function SessionState({ session }: { session: Pick<Session, 'state'> }) {
  const { text, tone } = stateWords[session.state];
  return <StateMark tone={tone} text={text} />;
}
