import { AppError, type sessionProcedures } from '../contract/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';

export function sessionHandlers({
  database,
  sessions,
}: HandlerContext): Handlers<keyof typeof sessionProcedures> {
  return {
    'session.list': (filter) => database.sessions.list(filter).map(sessions.withProgress),
    'session.get'({ sessionId }) {
      const session = sessions.find(sessionId);
      if (session) return session;
      throw new AppError('not-found', { message: 'There is no such session.' });
    },
    'session.log': ({ sessionId, after }) => [...database.log.list(sessionId, after)],
    'session.cancel'({ sessionId }) {
      sessions.cancel(sessionId);
      return {};
    },
  };
}
