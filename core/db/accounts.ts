import { z } from 'zod';
import { accountSchema } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { readDocument } from './document.ts';

/** An account as stored: its secret is in the host's secret store under `secretKey`. */
export const accountRecordSchema = accountSchema.omit({ subscriptions: true }).extend({
  secretKey: z.string(),
  /** How a service principal proves itself; null for users. */
  credential: z.enum(['secret', 'certificate']).nullable(),
  /** A user's identifier in the sign-in cache; null for service principals. */
  homeAccountId: z.string().nullable(),
});
export type AccountRecord = z.infer<typeof accountRecordSchema>;

export interface AccountStore {
  list(): readonly AccountRecord[];
  find(id: string): AccountRecord | null;
  put(account: AccountRecord): void;
  /** Its subscriptions and machines go with it. */
  remove(id: string): void;
}

export function accountStore(connection: Connection): AccountStore {
  const read = (value: unknown): AccountRecord => readDocument(accountRecordSchema, value, 'account');
  return {
    list: () =>
      connection
        .all('SELECT document FROM accounts ORDER BY added_at, id')
        .map((row) => read(row['document'])),
    find(id) {
      const row = connection.get('SELECT document FROM accounts WHERE id = ?', id);
      return row ? read(row['document']) : null;
    },
    put(account) {
      connection.run(
        `INSERT INTO accounts (id, added_at, document) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET document = excluded.document`,
        account.id,
        account.addedAt,
        JSON.stringify(account),
      );
    },
    remove(id) {
      connection.run('DELETE FROM accounts WHERE id = ?', id);
    },
  };
}
