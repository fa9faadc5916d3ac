import { z } from 'zod';
import { subscriptionIdSchema } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { readDocument } from './document.ts';

export const subscriptionRecordSchema = z.object({
  accountId: z.string(),
  id: subscriptionIdSchema,
  name: z.string(),
});
export type SubscriptionRecord = z.infer<typeof subscriptionRecordSchema>;

/** Subscriptions as the last sync saw them, per account. */
export interface SubscriptionStore {
  /** Those of the account that was added first come first. */
  list(): readonly SubscriptionRecord[];
  ofAccount(accountId: string): readonly SubscriptionRecord[];
  /** Replaces what is known of one account. */
  replace(accountId: string, subscriptions: readonly SubscriptionRecord[]): void;
}

export function subscriptionStore(connection: Connection): SubscriptionStore {
  const read = (value: unknown): SubscriptionRecord =>
    readDocument(subscriptionRecordSchema, value, 'subscription');
  return {
    list: () =>
      connection
        .all(
          `SELECT s.document FROM subscriptions s JOIN accounts a ON a.id = s.account_id
           ORDER BY a.added_at, s.account_id, s.id`,
        )
        .map((row) => read(row['document'])),
    ofAccount: (accountId) =>
      connection
        .all('SELECT document FROM subscriptions WHERE account_id = ? ORDER BY id', accountId)
        .map((row) => read(row['document'])),
    replace(accountId, subscriptions) {
      connection.transaction(() => {
        connection.run('DELETE FROM subscriptions WHERE account_id = ?', accountId);
        for (const subscription of subscriptions) {
          connection.run(
            'INSERT INTO subscriptions (account_id, id, document) VALUES (?, ?, ?)',
            accountId,
            subscription.id,
            JSON.stringify(subscription),
          );
        }
      });
    },
  };
}
