import { z } from 'zod';
import { restorePointSchema } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { readDocument, resourceKey } from './document.ts';
import type { RepositoryTotals } from './repositories.ts';

/** A disk's snapshot that was kept when a point was made: what the next backup is compared with. */
export const keptSnapshotSchema = z.object({
  /** Position in the point. */
  index: z.int(),
  diskId: z.string(),
  /** Azure's `uniqueId` of the disk: a re-created disk of the same name has another one. */
  diskUniqueId: z.string(),
  sizeBytes: z.int(),
  snapshotId: z.string(),
});
export type KeptSnapshot = z.infer<typeof keptSnapshotSchema>;

export const pointRecordSchema = restorePointSchema.omit({ repositoryName: true });
export type PointRecord = z.infer<typeof pointRecordSchema>;

export interface PointFilter {
  readonly resourceId?: string | undefined;
  readonly repositoryId?: string | undefined;
}

export interface PointStore {
  /** Newest first. */
  list(filter: PointFilter): readonly PointRecord[];
  find(id: string): PointRecord | null;
  /** The opaque JSON that the workload saved with the point. */
  configuration(id: string): unknown;
  /** The newest good point of a resource in a repository, with the snapshots kept for comparison. */
  latest(
    resourceId: string,
    repositoryId: string,
  ): { point: PointRecord; kept: readonly KeptSnapshot[] } | null;
  /** Every snapshot that some point keeps. */
  allKept(): readonly KeptSnapshot[];
  kept(pointId: string): readonly KeptSnapshot[];
  put(point: PointRecord, configuration: unknown, kept: readonly KeptSnapshot[]): void;
  setKept(pointId: string, kept: readonly KeptSnapshot[]): void;
  setState(pointId: string, state: PointRecord['state']): void;
  totals(repositoryId: string): RepositoryTotals;
}

const keptListSchema = z.array(keptSnapshotSchema);
const totalsSchema = z.object({
  points: z.int(),
  resources: z.int(),
  storedBytes: z.int(),
  lastPointAt: z.string().nullable(),
});

export function pointStore(connection: Connection): PointStore {
  const read = (value: unknown): PointRecord => readDocument(pointRecordSchema, value, 'restore point');
  const readKept = (value: unknown): readonly KeptSnapshot[] =>
    readDocument(keptListSchema, value, 'kept snapshots');
  return {
    list: ({ resourceId, repositoryId }) =>
      connection
        .all(
          `SELECT document FROM points WHERE (?1 IS NULL OR resource_key = ?1) AND (?2 IS NULL OR repository_id = ?2)
           ORDER BY taken_at DESC, id`,
          resourceId === undefined ? null : resourceKey(resourceId),
          repositoryId ?? null,
        )
        .map((row) => read(row['document'])),
    find(id) {
      const row = connection.get('SELECT document FROM points WHERE id = ?', id);
      return row ? read(row['document']) : null;
    },
    configuration(id) {
      const value = connection.get('SELECT configuration FROM points WHERE id = ?', id)?.['configuration'];
      return readDocument(z.unknown(), value ?? 'null', 'saved configuration');
    },
    latest(resourceId, repositoryId) {
      const rows = connection.all(
        `SELECT document, bases FROM points WHERE resource_key = ? AND repository_id = ?
         ORDER BY taken_at DESC, id`,
        resourceKey(resourceId),
        repositoryId,
      );
      for (const row of rows) {
        const point = read(row['document']);
        if (point.state === 'ok') return { point, kept: readKept(row['bases']) };
      }
      return null;
    },
    allKept: () => connection.all('SELECT bases FROM points').flatMap((row) => readKept(row['bases'])),
    kept: (pointId) =>
      readKept(connection.get('SELECT bases FROM points WHERE id = ?', pointId)?.['bases'] ?? '[]'),
    put(point, configuration, kept) {
      connection.run(
        `INSERT INTO points (id, resource_key, repository_id, taken_at, document, configuration, bases)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET document = excluded.document, configuration = excluded.configuration,
           bases = excluded.bases`,
        point.id,
        resourceKey(point.resourceId),
        point.repositoryId,
        point.takenAt,
        JSON.stringify(point),
        JSON.stringify(configuration),
        JSON.stringify(kept),
      );
    },
    setKept(pointId, kept) {
      connection.run('UPDATE points SET bases = ? WHERE id = ?', JSON.stringify(kept), pointId);
    },
    setState(pointId, state) {
      connection.run(
        `UPDATE points SET document = json_set(document, '$.state', ?) WHERE id = ?`,
        state,
        pointId,
      );
    },
    totals(repositoryId) {
      const row = connection.get(
        `SELECT COUNT(*) AS points, COUNT(DISTINCT resource_key) AS resources, MAX(taken_at) AS lastPointAt,
           COALESCE(SUM(json_extract(document, '$.storedBytes')), 0) AS storedBytes
         FROM points WHERE repository_id = ?`,
        repositoryId,
      );
      return totalsSchema.parse(row);
    },
  };
}
