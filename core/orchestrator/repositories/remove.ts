import { AppError } from '../../contract/index.ts';
import type { RepositoryRecord } from '../../db/index.ts';
import type { OrchestratorContext } from '../context.ts';

/** Forgets a repository here. Throws `conflict` while a session uses it. Its blobs stay where they are. */
export async function removeRepository(
  context: OrchestratorContext,
  record: RepositoryRecord,
): Promise<void> {
  const { database, host, events } = context;
  refuseBusy(context, record);
  database.transaction(() => {
    releaseSnapshots(context, record);
    database.repositories.remove(record.id);
  });
  if (record.secretKey !== null) await host.secrets.delete(record.secretKey);
  events.changed('repository', record.id);
  events.changed('point', null);
  events.changed('vm', null);
}

function refuseBusy({ database }: OrchestratorContext, record: RepositoryRecord): void {
  const busy = database.sessions.list({ repositoryId: record.id, active: true, limit: 1 })[0];
  if (!busy) return;
  throw new AppError('conflict', {
    message: `The repository "${record.name}" is in use by "${busy.title}".`,
    hint: 'Wait until that session has ended, or cancel it.',
    details: { sessionId: busy.id },
  });
}

/** Without its points nobody compares with their snapshots any more: the sweeper takes them. */
function releaseSnapshots({ database }: OrchestratorContext, record: RepositoryRecord): void {
  for (const { id } of database.points.list({ repositoryId: record.id })) {
    for (const { snapshotId } of database.points.kept(id)) {
      const entry = database.ledger.find(snapshotId);
      if (entry) database.ledger.release({ ...entry, sessionId: null });
    }
  }
}
