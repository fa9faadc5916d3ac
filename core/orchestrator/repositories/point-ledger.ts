import type { PointLedger } from '../../workloads/index.ts';
import type { OrchestratorContext } from '../context.ts';
import { recordOf } from './point-records.ts';

/** The points of the database as a workload sees them. */
export function pointLedger({ database, events }: OrchestratorContext): PointLedger {
  return {
    latest(resourceId, repositoryId) {
      const found = database.points.latest(resourceId, repositoryId);
      return found && { pointId: found.point.id, kept: found.kept };
    },
    record(request) {
      const { repositoryId, sessionId, accountId, point } = request;
      database.transaction(() => {
        const older = database.points
          .list({ resourceId: point.resource.id, repositoryId })
          .filter(({ id }) => id !== point.id);
        const { record } = recordOf(point, repositoryId);
        const { mode, readBytes, storedBytes, region } = request;
        database.points.put(
          { ...record, mode, readBytes, storedBytes, region, sessionId },
          point.document,
          request.kept,
        );
        for (const { snapshotId } of request.kept) database.ledger.keep(snapshotId);
        for (const { id } of older) {
          for (const { snapshotId } of database.points.kept(id))
            database.ledger.release({ resourceId: snapshotId, kind: 'snapshot', sessionId, accountId });
          database.points.setKept(id, []);
        }
      });
      events.changed('point', point.id);
      events.changed('repository', repositoryId);
      events.changed('vm', point.resource.id);
    },
  };
}
