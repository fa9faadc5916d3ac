import { type Connection, deleteOwnResource } from '../azure/index.ts';
import { AppError, toAppError } from '../contract/index.ts';
import type { Database, LedgerEntry } from '../db/index.ts';
import type { SessionResources } from '../workloads/index.ts';
import type { ResourceLedger } from './workers/index.ts';

export interface ResourceDeps {
  readonly database: Database;
  connect(accountId: string): Promise<Connection>;
}

/** The resources of one session, as its steps and its clean-up use them. */
export function sessionResources(
  deps: ResourceDeps,
  session: { readonly sessionId: string; readonly accountId: string },
): SessionResources {
  const { ledger } = deps.database;
  return {
    intend: (resourceId, kind) => ledger.intend({ resourceId, kind, ...session }),
    keep: (resourceId) => ledger.keep(resourceId),
    removeAll: (signal) => removeEntries(deps, ledger.intendedBy(session.sessionId), signal),
  };
}

/** What is attached goes after what it is attached to. */
const deletionOrder = [
  'virtualmachines',
  'networkinterfaces',
  'publicipaddresses',
  'networksecuritygroups',
  'disks',
  'snapshots',
];

function rank({ resourceId }: LedgerEntry): number {
  return deletionOrder.indexOf(resourceId.split('/').at(-2)?.toLowerCase() ?? '');
}

/** Deletes resources one after another and forgets those that are gone. Tries all, then throws the first error. */
export async function removeEntries(
  deps: ResourceDeps,
  entries: readonly LedgerEntry[],
  signal: AbortSignal,
): Promise<void> {
  let first: AppError | null = null;
  for (const entry of [...entries].sort((a, b) => rank(a) - rank(b))) {
    signal.throwIfAborted();
    try {
      await deleteOwnResource(await deps.connect(entry.accountId), entry.resourceId, signal);
      deps.database.ledger.forget(entry.resourceId);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      first ??= leftBehind(entry, toAppError(thrown));
    }
  }
  if (first) throw first;
}

function leftBehind(entry: LedgerEntry, cause: AppError): AppError {
  const name = entry.resourceId.split('/').at(-1) ?? entry.resourceId;
  return new AppError(cause.code, {
    message: `The ${entry.kind} ${name} could not be removed: ${cause.message}`,
    hint: cause.hint,
    retryable: cause.retryable,
    details: { ...cause.details, resourceId: entry.resourceId },
    cause,
  });
}

/** The ledger as the worker fleet sees it. What outlives sessions is kept at once. */
export function workerLedger(database: Database): ResourceLedger {
  const accountOf = (sessionId: string | null, subscriptionId: string): string => {
    const input = sessionId === null ? null : database.sessions.find(sessionId)?.input;
    if (
      typeof input === 'object' &&
      input !== null &&
      'accountId' in input &&
      typeof input.accountId === 'string'
    )
      return input.accountId;
    const subscription = database.subscriptions
      .list()
      .find(({ id }) => id.toLowerCase() === subscriptionId.toLowerCase());
    if (subscription) return subscription.accountId;
    throw new AppError('not-found', { message: 'No account sees the subscription of this worker.' });
  };
  return {
    async intend({ resourceId, kind, sessionId, subscriptionId }) {
      const entry = { resourceId, kind, sessionId, accountId: accountOf(sessionId, subscriptionId) };
      if (sessionId === null) database.ledger.keepNew(entry);
      else database.ledger.intend(entry);
    },
    async forget(resourceId) {
      database.ledger.forget(resourceId);
    },
  };
}
