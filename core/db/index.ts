/**
 * The database: SQLite in one file of the data folder. One file per aggregate; rows are checked when they are
 * read; no secret is ever stored here. Everything is synchronous and durable when a call returns.
 */
import { type AccountStore, accountStore } from './accounts.ts';
import { openConnection } from './connection.ts';
import { type DownloadStore, downloadStore } from './downloads.ts';
import { type LedgerStore, ledgerStore } from './ledger.ts';
import { type LogStore, logStore } from './log-entries.ts';
import { type MachineStore, machineStore } from './machines.ts';
import { migrate } from './migrations/index.ts';
import { type PlanStore, planStore } from './plans.ts';
import { type PointStore, pointStore } from './points.ts';
import { type RepositoryStore, repositoryStore } from './repositories.ts';
import { type SessionStore, sessionStore } from './sessions.ts';
import { type SettingStore, settingStore } from './settings.ts';
import { type SubscriptionStore, subscriptionStore } from './subscriptions.ts';
import { type TakenItemStore, takenItemStore } from './taken-items.ts';

export type { AccountRecord, AccountStore } from './accounts.ts';
export { resourceKey } from './document.ts';
export type { DownloadRecord, DownloadStore } from './downloads.ts';
export type { LedgerEntry, LedgerStore } from './ledger.ts';
export type { LogStore } from './log-entries.ts';
export type { MachineRecord, MachineStore } from './machines.ts';
export type { PlanStore } from './plans.ts';
export type { KeptSnapshot, PointRecord, PointStore } from './points.ts';
export {
  type RepositoryPlace,
  type RepositoryRecord,
  type RepositoryStore,
  storageAccountRecordSchema,
} from './repositories.ts';
export type { Outcome, SessionRecord, SessionStore } from './sessions.ts';
export type { SettingStore } from './settings.ts';
export type { SubscriptionRecord, SubscriptionStore } from './subscriptions.ts';
export type { TakenItemStore } from './taken-items.ts';

export interface Database {
  readonly accounts: AccountStore;
  readonly subscriptions: SubscriptionStore;
  readonly machines: MachineStore;
  readonly repositories: RepositoryStore;
  readonly points: PointStore;
  readonly sessions: SessionStore;
  readonly log: LogStore;
  readonly plans: PlanStore;
  readonly ledger: LedgerStore;
  readonly settings: SettingStore;
  readonly downloads: DownloadStore;
  readonly takenItems: TakenItemStore;
  /** All or nothing over several stores. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens or creates the database and brings its schema up to date. Throws an AppError: `not-supported` for a
 * database of a newer Cairn, `damaged`, `permission-denied`, `conflict`.
 */
export function openDatabase(file: string): Database {
  const connection = openConnection(file);
  try {
    migrate(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    accounts: accountStore(connection),
    subscriptions: subscriptionStore(connection),
    machines: machineStore(connection),
    repositories: repositoryStore(connection),
    points: pointStore(connection),
    sessions: sessionStore(connection),
    log: logStore(connection),
    plans: planStore(connection),
    ledger: ledgerStore(connection),
    settings: settingStore(connection),
    downloads: downloadStore(connection),
    takenItems: takenItemStore(connection),
    transaction: (work) => connection.transaction(work),
    close: () => connection.close(),
  };
}
