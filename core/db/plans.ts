import { z } from 'zod';
import { type RestorePlan, restorePlanSchema } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { readDocument } from './document.ts';

export interface PlanStore {
  /** `facts` is what the workload worked out for the plan and needs again when it runs. */
  put(plan: RestorePlan, facts: unknown): void;
  find(id: string): { readonly plan: RestorePlan; readonly facts: unknown } | null;
  /** Removes plans that expired before that ISO time. */
  removeExpired(before: string): void;
}

export function planStore(connection: Connection): PlanStore {
  return {
    put(plan, facts) {
      connection.run(
        'INSERT INTO plans (id, expires_at, document, facts) VALUES (?, ?, ?, ?)',
        plan.id,
        plan.expiresAt,
        JSON.stringify(plan),
        JSON.stringify(facts),
      );
    },
    find(id) {
      const row = connection.get('SELECT document, facts FROM plans WHERE id = ?', id);
      if (!row) return null;
      return {
        plan: readDocument(restorePlanSchema, row['document'], 'restore plan'),
        facts: readDocument(z.unknown(), row['facts'], 'restore plan'),
      };
    },
    removeExpired(before) {
      connection.run('DELETE FROM plans WHERE expires_at < ?', before);
    },
  };
}
