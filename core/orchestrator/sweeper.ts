import { listOwnResources, type OwnedResource, type OwnKind } from '../azure/index.ts';
import { toAppError } from '../contract/index.ts';
import type { LedgerEntry } from '../db/index.ts';
import { isActive } from '../domain/index.ts';
import type { AccountService } from './accounts/index.ts';
import type { OrchestratorContext } from './context.ts';
import { removeEntries } from './resources.ts';

export interface Sweeper {
  /** Removes what sessions that are over left behind. Never rejects; runs once at a time. */
  sweep(signal: AbortSignal): Promise<void>;
  /** Resolves when no sweep runs. */
  idle(): Promise<void>;
}

/**
 * Kinds that the sweeper may remove on the word of a tag alone: they bear names that only Cairn gives. Restored disks
 * and machines are the customer's, and tags are copied with a machine, so those go by the ledger only.
 */
const sweptByTag: readonly OwnKind[] = [
  'snapshot',
  'worker-vm',
  'worker-nic',
  'worker-disk',
  'worker-ip',
  'worker-nsg',
];

export function createSweeper(deps: {
  readonly context: OrchestratorContext;
  readonly accounts: AccountService;
}): Sweeper {
  const { context, accounts } = deps;
  let running: Promise<void> = Promise.resolve();
  const connect = (accountId: string) => accounts.connect(accountId);

  const sweepOnce = async (signal: AbortSignal): Promise<void> => {
    await quietly(context, 'what the ledger lists', signal, () =>
      removeEntries({ database: context.database, connect }, overdue(context), signal),
    );
    for (const { accountId, id, name } of context.database.subscriptions.list()) {
      await quietly(context, `subscription ${name}`, signal, async () => {
        const { installationId } = context;
        const found = await listOwnResources(
          await connect(accountId),
          { subscriptionId: id, installationId },
          signal,
        );
        const lost = found.filter((resource) => isLost(context, resource));
        const entries = lost.map((resource) => entryOf(resource, accountId));
        await removeEntries({ database: context.database, connect }, entries, signal);
      });
    }
  };
  return {
    sweep(signal) {
      running = running.then(() => (signal.aborted ? undefined : sweepOnce(signal)));
      return running;
    },
    idle: () => running,
  };
}

/** Intended by sessions that are over. */
function overdue({ database }: OrchestratorContext): readonly LedgerEntry[] {
  return database.ledger.intended().filter(({ sessionId }) => !isRunning(database, sessionId));
}

function isRunning(database: OrchestratorContext['database'], sessionId: string | null): boolean {
  const session = sessionId === null ? null : database.sessions.find(sessionId)?.session;
  return session ? isActive(session.state) : false;
}

/** Carries our tag, belongs to a session that is over, and nobody means it to stay. */
function isLost({ database }: OrchestratorContext, resource: OwnedResource): boolean {
  if (!sweptByTag.some((kind) => kind === resource.kind)) return false;
  if (resource.sessionId === null || isRunning(database, resource.sessionId)) return false;
  const name = resource.resourceId.split('/').at(-1) ?? '';
  return name.startsWith('cairn-') && database.ledger.find(resource.resourceId)?.state !== 'kept';
}

function entryOf(resource: OwnedResource, accountId: string): LedgerEntry {
  const { resourceId, kind, sessionId } = resource;
  return { resourceId, kind, sessionId, accountId, state: 'intended' };
}

async function quietly(
  { host }: OrchestratorContext,
  what: string,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!signal.aborted) host.log('warning', `Sweeping ${what}: ${toAppError(thrown).message}`);
  }
}
