import { z } from 'zod';
import type { Connection } from './connection.ts';
import { readDocument, resourceKey } from './document.ts';

/**
 * Every Azure resource that this installation made or was about to make, written before it is made.
 * `intended`: exists or may exist, and goes when its session ends. `kept`: meant to stay.
 */
export const ledgerEntrySchema = z.object({
  resourceId: z.string(),
  /** Null for what belongs to no session. */
  sessionId: z.string().nullable(),
  accountId: z.string(),
  /** What it is: `snapshot`, `disk`, `virtual-machine`, ... */
  kind: z.string(),
  state: z.enum(['intended', 'kept']),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

export interface LedgerStore {
  /** Idempotent. A resource that was kept before stays kept. */
  intend(entry: Omit<LedgerEntry, 'state'>): void;
  keep(resourceId: string): void;
  /** Remembers a resource that is meant to stay. */
  keepNew(entry: Omit<LedgerEntry, 'state'>): void;
  /** A kept resource is to go: it belongs to that session from now on. */
  release(entry: Omit<LedgerEntry, 'state'>): void;
  /** It does not exist any more. */
  forget(resourceId: string): void;
  find(resourceId: string): LedgerEntry | null;
  /** What a session must still remove, newest first. */
  intendedBy(sessionId: string): readonly LedgerEntry[];
  /** What any session must still remove, newest first. */
  intended(): readonly LedgerEntry[];
  kept(): readonly LedgerEntry[];
}

export function ledgerStore(connection: Connection): LedgerStore {
  const read = (value: unknown): LedgerEntry => readDocument(ledgerEntrySchema, value, 'ledger entry');
  const find = (resourceId: string): LedgerEntry | null => {
    const row = connection.get('SELECT document FROM ledger WHERE resource_key = ?', resourceKey(resourceId));
    return row ? read(row['document']) : null;
  };
  const put = (entry: LedgerEntry): void => {
    connection.transaction(() => {
      const last = connection.get('SELECT COALESCE(MAX(sequence), 0) AS sequence FROM ledger');
      connection.run(
        `INSERT INTO ledger (resource_key, session_id, account_id, state, sequence, document)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (resource_key) DO UPDATE SET session_id = excluded.session_id,
           account_id = excluded.account_id, state = excluded.state, document = excluded.document`,
        resourceKey(entry.resourceId),
        entry.sessionId,
        entry.accountId,
        entry.state,
        Number(last?.['sequence'] ?? 0) + 1,
        JSON.stringify(entry),
      );
    });
  };
  return {
    intend(entry) {
      if (find(entry.resourceId)?.state !== 'kept') put({ ...entry, state: 'intended' });
    },
    keep(resourceId) {
      const entry = find(resourceId);
      if (entry) put({ ...entry, state: 'kept' });
    },
    keepNew: (entry) => put({ ...entry, state: 'kept' }),
    release: (entry) => put({ ...entry, state: 'intended' }),
    forget(resourceId) {
      connection.run('DELETE FROM ledger WHERE resource_key = ?', resourceKey(resourceId));
    },
    find,
    intendedBy: (sessionId) =>
      connection
        .all(
          `SELECT document FROM ledger WHERE session_id = ? AND state = 'intended' ORDER BY sequence DESC`,
          sessionId,
        )
        .map((row) => read(row['document'])),
    intended: () =>
      connection
        .all(`SELECT document FROM ledger WHERE state = 'intended' ORDER BY sequence DESC`)
        .map((row) => read(row['document'])),
    kept: () =>
      connection
        .all(`SELECT document FROM ledger WHERE state = 'kept' ORDER BY sequence DESC`)
        .map((row) => read(row['document'])),
  };
}
