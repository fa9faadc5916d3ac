import { useAnnounce } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import type { Session } from '../../../core/contract/index.ts';
import { formatTimeLeft } from '../../ui/index.ts';
import { doneShare, isOver, stateWords } from './session-words.ts';

/** Tells screen readers about each quarter of the work and about the end; nothing in between. */
export function useProgressAnnouncement(session: Session): void {
  const { announce } = useAnnounce();
  const text = progressAnnouncement(session);
  const last = useRef(text);
  useEffect(() => {
    if (text === last.current) return;
    last.current = text;
    const left = session.progress?.secondsLeft;
    announce(left == null || isOver(session) ? text : `${text}, ${formatTimeLeft(left)}`);
  }, [announce, text, session]);
}

/** Changes only when there is something worth saying. */
export function progressAnnouncement(session: Pick<Session, 'title' | 'state' | 'progress'>): string {
  if (isOver(session)) return `${session.title}: ${stateWords[session.state].text}`;
  const share = doneShare(session);
  return `${session.title}: ${share === null ? 'started' : `${Math.floor(share * 4) * 25} percent`}`;
}
