import type { RestorePointDisk } from '../../contract/index.ts';
import type { Database, KeptSnapshot, PointRecord } from '../../db/index.ts';
import type { RestorePoint } from '../../engine/index.ts';
import { azureVm } from '../../workloads/index.ts';

export interface RecordedPoint {
  readonly record: PointRecord;
  readonly kept: readonly KeptSnapshot[];
}

/** A point of a repository as the database keeps it. Throws `damaged` when its document cannot be read. */
export function recordOf(point: RestorePoint, repositoryId: string): RecordedPoint {
  const document = azureVm.readPointDocument(point.document);
  const disks = document.disks.map(
    ({ index, name, lun, os, sizeBytes, sku }): RestorePointDisk => ({
      index,
      name,
      lun,
      os,
      sizeBytes,
      sku,
    }),
  );
  return {
    record: {
      id: point.id,
      kind: 'backup',
      workload: point.resource.workload,
      resourceId: point.resource.id,
      resourceName: point.resource.name,
      region: document.configuration.summary.region,
      repositoryId,
      takenAt: point.takenAt,
      mode: document.mode,
      state: 'ok',
      disks,
      diskBytes: disks.reduce((sum, disk) => sum + disk.sizeBytes, 0),
      readBytes: point.statistics.readBytes,
      storedBytes: point.statistics.storedBytes,
      sessionId: document.sessionId,
    },
    kept: document.disks.map(({ index, diskId, uniqueId, sizeBytes, snapshotId }) => ({
      index,
      diskId,
      diskUniqueId: uniqueId,
      sizeBytes,
      snapshotId,
    })),
  };
}

export interface ListedPoints {
  readonly added: number;
  readonly missing: number;
  readonly unreadable: number;
}

/**
 * Brings the database in line with what a repository holds: unknown points are added, points that are gone are
 * marked. A snapshot counts as kept only when this installation made it: those of others are not ours to delete.
 */
export function reconcilePoints(
  database: Database,
  repositoryId: string,
  points: readonly RestorePoint[],
): ListedPoints {
  return database.transaction(() => {
    const known = new Map(database.points.list({ repositoryId }).map((point) => [point.id, point]));
    const present = new Set(points.map(({ id }) => id));
    let unreadable = 0;
    let added = 0;
    for (const point of points) {
      if (known.get(point.id)?.state === 'missing') database.points.setState(point.id, 'ok');
      if (known.has(point.id)) continue;
      try {
        const { record, kept } = recordOf(point, repositoryId);
        const ours = kept.filter(({ snapshotId }) => database.ledger.find(snapshotId)?.state === 'kept');
        database.points.put(record, point.document, ours);
        added += 1;
      } catch {
        unreadable += 1;
      }
    }
    const gone = [...known.values()].filter(({ id, state }) => state === 'ok' && !present.has(id));
    for (const { id } of gone) database.points.setState(id, 'missing');
    return { added, missing: gone.length, unreadable };
  });
}
