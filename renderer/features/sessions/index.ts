/** Sessions: their list, one session live, and the pieces other pages show of a session. */
export { SessionCard } from './session-card.tsx';
export { sessionColumns } from './session-columns.tsx';
export { SessionPage } from './session-page.tsx';
export { SessionState } from './session-state.tsx';
export { isActive, isOver, kindWords } from './session-words.ts';
export { SessionsPage } from './sessions-page.tsx';
