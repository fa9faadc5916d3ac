import { z } from 'zod';
import { virtualMachineSchema } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { readDocument, resourceKey } from './document.ts';

/** A virtual machine as a sync saw it; how well it is protected is worked out from points and sessions. */
export const machineRecordSchema = virtualMachineSchema.omit({ protection: true }).extend({
  /** Why it cannot be backed up; null when it can. */
  refusal: z.string().nullable(),
});
export type MachineRecord = z.infer<typeof machineRecordSchema>;

export interface MachineStore {
  /** By name, then by resource id. */
  list(): readonly MachineRecord[];
  find(resourceId: string): MachineRecord | null;
  /** Replaces what is known of one subscription as one account sees it. */
  replace(accountId: string, subscriptionId: string, machines: readonly MachineRecord[]): void;
  /** Forgets the machines of subscriptions that the account no longer sees. */
  keepSubscriptions(accountId: string, subscriptionIds: readonly string[]): void;
}

export function machineStore(connection: Connection): MachineStore {
  const read = (value: unknown): MachineRecord => readDocument(machineRecordSchema, value, 'virtual machine');
  const insert = (machine: MachineRecord): void => {
    connection.run(
      `INSERT INTO machines (resource_key, account_id, subscription_id, name, document) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (resource_key) DO NOTHING`,
      resourceKey(machine.resourceId),
      machine.accountId,
      machine.subscriptionId,
      machine.name,
      JSON.stringify(machine),
    );
  };
  return {
    list: () =>
      connection
        .all('SELECT document FROM machines ORDER BY name, resource_key')
        .map((row) => read(row['document'])),
    find(resourceId) {
      const row = connection.get(
        'SELECT document FROM machines WHERE resource_key = ?',
        resourceKey(resourceId),
      );
      return row ? read(row['document']) : null;
    },
    replace(accountId, subscriptionId, machines) {
      connection.transaction(() => {
        connection.run(
          'DELETE FROM machines WHERE account_id = ? AND subscription_id = ?',
          accountId,
          subscriptionId,
        );
        machines.forEach(insert);
      });
    },
    keepSubscriptions(accountId, subscriptionIds) {
      connection.run(
        `DELETE FROM machines WHERE account_id = ?
         AND subscription_id NOT IN (SELECT value FROM json_each(?))`,
        accountId,
        JSON.stringify(subscriptionIds),
      );
    },
  };
}
