import type { backupProcedures } from '../contract/index.ts';
import type { HandlerContext, Handlers } from './handler.ts';

export function backupHandlers({ backups }: HandlerContext): Handlers<keyof typeof backupProcedures> {
  return { 'backup.start': (input) => ({ sessionId: backups.start(input).id }) };
}
