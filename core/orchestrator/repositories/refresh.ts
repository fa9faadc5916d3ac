import { toAppError } from '../../contract/index.ts';
import type { RepositoryRecord } from '../../db/index.ts';
import { listPoints } from '../../engine/index.ts';
import { openKnownRepository } from './open.ts';
import { reconcilePoints } from './point-records.ts';
import type { RepositoryDeps } from './repository-service.ts';

/** Reads the points again; marks the repository unreachable, or ready again. */
export async function refreshRepository(
  { context, connect }: RepositoryDeps,
  record: RepositoryRecord,
  signal: AbortSignal,
): Promise<void> {
  const { database, host, events } = context;
  try {
    const opened = await openKnownRepository(host, await connect(record.accountId), record, signal);
    reconcilePoints(database, record.id, await listPoints(opened, signal));
    if (record.state === 'unreachable') database.repositories.put({ ...record, state: 'ready' });
  } catch (thrown) {
    if (record.state === 'ready' && isUnreachable(thrown))
      database.repositories.put({ ...record, state: 'unreachable' });
    throw thrown;
  } finally {
    events.changed('repository', record.id);
    events.changed('point', null);
  }
}

function isUnreachable(thrown: unknown): boolean {
  return ['unreachable', 'not-found', 'permission-denied'].includes(toAppError(thrown).code);
}
