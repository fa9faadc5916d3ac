import { z } from 'zod';
import { listSubscriptions, listVirtualMachines, type VirtualMachineSummary } from '../azure/index.ts';
import { type AppError, toAppError } from '../contract/index.ts';
import type { AccountRecord, MachineRecord, SubscriptionRecord } from '../db/index.ts';
import { azureVm, type Program, type ProgramStep, type Run } from '../workloads/index.ts';
import type { AccountService } from './accounts/index.ts';
import { isoNow, type OrchestratorContext } from './context.ts';
import { collectParts } from './partial.ts';
import type { RepositoryService } from './repositories/index.ts';

const inputSchema = z.object({});
const memorySchema = z.object({ subscriptions: z.int().default(0), machines: z.int().default(0) });
type SyncInput = z.infer<typeof inputSchema>;
type SyncMemory = z.infer<typeof memorySchema>;
type SyncStep = ProgramStep<SyncInput, SyncMemory>;
type SyncRun = Run<SyncInput, SyncMemory>;

export interface SyncDeps {
  readonly context: OrchestratorContext;
  readonly accounts: AccountService;
  readonly repositories: RepositoryService;
}

/**
 * Reads subscriptions, virtual machines and restore points of all accounts again. What cannot be read now is logged and
 * stays as it was; only when nothing could be read does the session fail.
 */
export function syncProgram(deps: SyncDeps): Program<SyncInput, SyncMemory> {
  return {
    kind: 'sync',
    workload: null,
    inputSchema,
    memorySchema,
    steps: () => [readSubscriptions(deps), readMachines(deps), readRepositories(deps)],
    cleanUp: async () => undefined,
    result: (run) => ({
      kind: 'sync',
      subscriptions: run.memory.subscriptions,
      vms: run.memory.machines,
    }),
  };
}

function readSubscriptions({ context, accounts }: SyncDeps): SyncStep {
  const { database, events } = context;
  return {
    key: 'subscriptions',
    title: 'Read the subscriptions',
    async run(run) {
      const known = database.accounts.list();
      await tryAll(run, known, {
        name: (account) => `The account "${account.name}"`,
        work: (account) => readAccount(context, accounts, account, run.signal),
        failed: (account, error) => markSignIn(accounts, account, error),
      });
      run.remember({ subscriptions: database.subscriptions.list().length });
      run.log('info', `Accounts: ${known.length}. Subscriptions: ${run.memory.subscriptions}.`);
      events.changed('account', null);
    },
  };
}

async function readAccount(
  { database }: OrchestratorContext,
  accounts: AccountService,
  account: AccountRecord,
  signal: AbortSignal,
): Promise<void> {
  const found = await listSubscriptions(await accounts.connect(account.id), signal);
  const records = found.map(({ id, name }) => ({ accountId: account.id, id, name }));
  database.transaction(() => {
    database.subscriptions.replace(account.id, records);
    database.machines.keepSubscriptions(
      account.id,
      records.map(({ id }) => id),
    );
  });
  accounts.setState(account.id, 'ready');
}

function markSignIn(accounts: AccountService, account: AccountRecord, error: AppError): void {
  if (error.code === 'not-signed-in' || error.code === 'sign-in-failed')
    accounts.setState(account.id, 'sign-in-needed');
}

function readMachines({ context, accounts }: SyncDeps): SyncStep {
  const { database, events } = context;
  return {
    key: 'virtual-machines',
    title: 'Read the virtual machines',
    async run(run) {
      await tryAll(run, database.subscriptions.list(), {
        name: (subscription) => `The subscription "${subscription.name}"`,
        async work(subscription) {
          const connection = await accounts.connect(subscription.accountId);
          const machines = await listVirtualMachines(connection, subscription.id, run.signal);
          const records = machines.map((machine) => machineRecord(machine, subscription));
          database.machines.replace(subscription.accountId, subscription.id, records);
        },
      });
      run.remember({ machines: database.machines.list().length });
      run.log('info', `Virtual machines: ${run.memory.machines}.`);
      database.settings.set('synced-at', isoNow(context));
      events.changed('vm', null);
    },
  };
}

/** Repositories that cannot be reached never fail a sync. */
function readRepositories({ context, repositories }: SyncDeps): SyncStep {
  return {
    key: 'repositories',
    title: 'Read the restore points',
    skip: () => context.database.repositories.list().length === 0,
    async run(run) {
      for (const { id, name } of context.database.repositories.list()) {
        try {
          await repositories.refresh(id, run.signal);
        } catch (thrown) {
          if (run.signal.aborted) throw thrown;
          logPart(run, `The repository "${name}"`, toAppError(thrown));
        }
      }
    },
  };
}

interface Parts<T> {
  readonly name: (part: T) => string;
  readonly work: (part: T) => Promise<void>;
  readonly failed?: (part: T, error: AppError) => void;
}

/** Does each part; logs the ones that fail, and throws the first error only when none succeeded. */
async function tryAll<T>(run: SyncRun, all: readonly T[], parts: Parts<T>): Promise<void> {
  await collectParts(all, parts.work, (part, thrown) => {
    if (run.signal.aborted) return;
    const error = toAppError(thrown);
    parts.failed?.(part, error);
    logPart(run, parts.name(part), error);
  });
  run.signal.throwIfAborted();
}

function logPart(run: SyncRun, name: string, error: AppError): void {
  run.log('warning', `${name} could not be read and is shown as it was: ${error.message}`, {
    code: error.code,
    ...error.details,
  });
}

function machineRecord(machine: VirtualMachineSummary, subscription: SubscriptionRecord): MachineRecord {
  return {
    resourceId: machine.resourceId,
    name: machine.name,
    accountId: subscription.accountId,
    subscriptionId: subscription.id,
    subscriptionName: subscription.name,
    resourceGroup: machine.resourceGroup,
    region: machine.region,
    zone: machine.zone,
    size: machine.size,
    os: machine.os,
    power: machine.power,
    disks: machine.disks.map(({ uniqueId: _, shared: __, ...disk }) => disk),
    diskBytes: machine.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0),
    tags: { ...machine.tags },
    refusal: azureVm.machineRefusal(machine),
  };
}
