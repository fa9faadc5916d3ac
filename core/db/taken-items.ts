import { type TakenItem, takenItemSchema } from '../contract/index.ts';
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
