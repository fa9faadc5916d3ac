import { type TakenFile, type TakenItem, takenItemSchema } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { readDocument, resourceKey } from './document.ts';

export interface TakenItemFilter {
  readonly sessionId?: string | undefined;
  readonly resourceId?: string | undefined;
  /** Only what was taken before this ISO time. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The record of what was taken out of restore points. Rows are added and never changed or removed. */
export interface TakenItemStore {
  /** Newest first; more than the limit only so that items of the same time are not torn apart. */
  list(filter: TakenItemFilter): readonly TakenItem[];
  /** All or none. */
  add(items: readonly TakenItem[]): void;
  /** Adds files of an item that is recorded later under this id; a path that is there already is written again. */
  addFiles(takenId: string, files: readonly TakenFile[]): void;
  /** By path, those behind `after`. */
  files(takenId: string, after: string, limit: number): readonly TakenFile[];
  /** How much left over one session. */
  totals(sessionId: string): { readonly items: number; readonly bytes: number };
}

export function takenItemStore(connection: Connection): TakenItemStore {
  return {
    list: ({ sessionId, resourceId, before, limit }) =>
      connection
        .all(
          `WITH found AS (
             SELECT document, time, rowid AS row FROM taken_items
             WHERE (?1 IS NULL OR session_id = ?1) AND (?2 IS NULL OR resource_key = ?2) AND (?3 IS NULL OR time < ?3)
           )
           SELECT document FROM found
           WHERE time >= COALESCE((SELECT time FROM found ORDER BY time DESC LIMIT 1 OFFSET ?4 - 1), '')
           ORDER BY time DESC, row DESC`,
          sessionId ?? null,
          resourceId === undefined ? null : resourceKey(resourceId),
          before ?? null,
          limit,
        )
        .map((row) => readDocument(takenItemSchema, row['document'], 'record of a taken item')),
    add(items) {
      connection.transaction(() => {
        for (const item of items)
          connection.run(
            'INSERT INTO taken_items (id, session_id, resource_key, time, document) VALUES (?, ?, ?, ?, ?)',
            item.id,
            item.sessionId,
            resourceKey(item.resourceId),
            item.time,
            JSON.stringify(item),
          );
      });
    },
    addFiles(takenId, files) {
      connection.transaction(() => {
        for (const { path, bytes, sha256 } of files)
          connection.run(
            `INSERT INTO taken_files (taken_id, path, bytes, sha256) VALUES (?, ?, ?, ?)
             ON CONFLICT (taken_id, path) DO UPDATE SET bytes = excluded.bytes, sha256 = excluded.sha256`,
            takenId,
            path,
            bytes,
            Buffer.from(sha256, 'hex'),
          );
      });
    },
    files: (takenId, after, limit) =>
      connection
        .all(
          `SELECT path, bytes, lower(hex(sha256)) AS sha256 FROM taken_files
           WHERE taken_id = ? AND path > ? ORDER BY path LIMIT ?`,
          takenId,
          after,
          limit,
        )
        .map((row) => ({
          path: String(row['path']),
          bytes: Number(row['bytes']),
          sha256: String(row['sha256']),
        })),
    totals(sessionId) {
      const row = connection.get(
        `SELECT COUNT(*) AS items, COALESCE(SUM(json_extract(document, '$.bytes')), 0) AS bytes
         FROM taken_items WHERE session_id = ?`,
        sessionId,
      );
      return { items: Number(row?.['items'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
    },
  };
}
