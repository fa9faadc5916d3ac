import { AppError, type ParsedInput } from '../../contract/index.ts';
import type { PointRecord } from '../../db/index.ts';
import type { FileRecoveryDeps } from './file-recovery-service.ts';
import { knownPoint } from './live-recoveries.ts';
import type { RecoveryInput } from './recovery-program.ts';

/** Open restore points take memory and a thread each. */
const mostOpen = 8;

/** Starts a session, or answers the one that has this point open on this road. Throws what is known to be wrong. */
export function startRecovery(deps: FileRecoveryDeps, input: ParsedInput<'files.open'>): string {
  const { database } = deps.context;
  const point = knownPoint(database, input.pointId);
  refuseUnreadable(point, input);
  const exclusiveKey = `files|${point.id}|${input.road}|${input.source}`;
  const holder = database.sessions.holder(exclusiveKey);
  const live = holder && deps.recoveries.find(holder.id);
  if (holder && holder.state !== 'cancelling' && !live?.closeAsked) {
    live?.touch();
    return holder.id;
  }
  if (!holder) refuseTooMany(deps);
  const stored: RecoveryInput = { ...input, accountId: accountOf(deps, point) };
  return deps.sessions.start({
    kind: 'file-recovery',
    title: `Browse files of ${point.resourceName}`,
    input: stored,
    exclusiveKey,
    busyMessage: 'This restore point is just being closed.',
    resourceId: point.resourceId,
    resourceName: point.resourceName,
    ...(point.repositoryId === null ? {} : { repositoryId: point.repositoryId }),
  }).id;
}

function refuseUnreadable(point: PointRecord, { road, source }: ParsedInput<'files.open'>): void {
  if (point.state === 'missing' || point.repositoryId === null)
    throw new AppError('not-found', {
      message: 'This restore point is not in its repository any more.',
      hint: 'Choose another restore point.',
    });
  if (source === 'snapshot' && road === 'direct')
    throw new AppError('not-supported', {
      message: 'Snapshots can be read by a worker only.',
      hint: 'Open the restore point through a worker, or from its repository.',
      details: { field: 'source' },
    });
}

function refuseTooMany({ context }: FileRecoveryDeps): void {
  const open = context.database.sessions.list({ kind: 'file-recovery', active: true, limit: mostOpen });
  if (open.length < mostOpen) return;
  throw new AppError('conflict', {
    message: `${mostOpen} restore points are open already.`,
    hint: 'Close one of them first.',
  });
}

/** The account that sees the machine; for a machine that is gone, the repository's. */
function accountOf({ context }: FileRecoveryDeps, point: PointRecord): string {
  const { machines, repositories } = context.database;
  const accountId =
    machines.find(point.resourceId)?.accountId ?? repositories.find(point.repositoryId ?? '')?.accountId;
  if (accountId !== undefined) return accountId;
  throw new AppError('not-found', {
    message: 'The repository of this restore point is not known here any more.',
    hint: 'Add the repository again.',
  });
}
