import type { restoreProcedures } from '../contract/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';

export function restoreHandlers({ restores }: HandlerContext): Handlers<keyof typeof restoreProcedures> {
  return {
    'restore.places': ({ pointId }, signal) => restores.places(pointId, signal),
    'restore.networks': (input, signal) => restores.networks(input, signal),
    'restore.sizes': (input, signal) => restores.sizes(input, signal),
    'restore.plan': (input, signal) => restores.plan(input, signal),
    'restore.start': (input) => ({ sessionId: restores.start(input).id }),
  };
}
