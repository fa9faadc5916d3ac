/** Every procedure of the contract, one thin function each; files mirror `core/contract`. */
import { accountHandlers } from './accounts.ts';
import { backupHandlers } from './backup.ts';
import { downloadHandlers } from './downloads.ts';
import { fileRecoveryHandlers } from './file-recovery.ts';
import type { HandlerContext, Handlers } from './handler.ts';
import { overviewHandlers } from './overview.ts';
import { repositoryHandlers } from './repositories.ts';
import { restoreHandlers } from './restore.ts';
import { restorePointHandlers } from './restore-points.ts';
import { sessionHandlers } from './sessions.ts';
import { vmHandlers } from './virtual-machines.ts';

export { createDispatch, type Dispatch } from './dispatch.ts';
export type { HandlerContext, Handlers } from './handler.ts';

/** Complete by its type: a procedure without a handler does not compile. */
export function createHandlers(context: HandlerContext): Handlers {
  return {
    ...overviewHandlers(context),
    ...accountHandlers(context),
    ...vmHandlers(context),
    ...repositoryHandlers(context),
    ...restorePointHandlers(context),
    ...backupHandlers(context),
    ...restoreHandlers(context),
    ...sessionHandlers(context),
    ...fileRecoveryHandlers(context),
    ...downloadHandlers(context),
  };
}
