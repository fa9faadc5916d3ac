import { z } from 'zod';
import {
  type BlobFolder,
  type Connection,
  containerExists,
  createContainer,
  getStorageAccount,
  openBlobStore,
  proveContainerRights,
} from '../../azure/index.ts';
import { AppError, idSchema, resourceIdSchema } from '../../contract/index.ts';
import { storageAccountRecordSchema } from '../../db/index.ts';
import { inspectRepository, listPoints } from '../../engine/index.ts';
import type { Program, ProgramStep, Run } from '../../workloads/index.ts';
import { isoNow, type OrchestratorContext } from '../context.ts';
import { foreignFolder } from './inspect.ts';
import { openKnownRepository } from './open.ts';
import { openOrCreate } from './open-or-create.ts';
import { reconcilePoints } from './point-records.ts';

export const addInputSchema = z.object({
  repositoryId: idSchema,
  accountId: idSchema,
  storageAccountId: resourceIdSchema,
  container: z.string(),
  folder: z.string(),
  name: z.string(),
  mode: z.enum(['create', 'attach', 'take-over']),
  createContainer: z.boolean(),
  /** Where the password waits in the host's secret store; null for a repository without encryption. */
  passwordKey: z.string().nullable(),
});
export type AddInput = z.infer<typeof addInputSchema>;

export const addMemorySchema = z.object({
  account: storageAccountRecordSchema.nullable().default(null),
  /** True once this session may have created the repository: finding one is then no surprise. */
  creating: z.boolean().default(false),
  opened: z
    .object({
      engineId: z.string(),
      encrypted: z.boolean(),
      state: z.enum(['ready', 'read-only']),
      secretKey: z.string().nullable(),
    })
    .nullable()
    .default(null),
});
export type AddMemory = z.infer<typeof addMemorySchema>;
export type AddRun = Run<AddInput, AddMemory>;
type AddStep = ProgramStep<AddInput, AddMemory>;

export interface AddDeps {
  readonly context: OrchestratorContext;
  connect(accountId: string): Promise<Connection>;
}

/** Creates a repository, or opens the one that is there, and reads its restore points. */
export function addRepositoryProgram(deps: AddDeps): Program<AddInput, AddMemory> {
  const { host, database, events } = deps.context;
  return {
    kind: 'repository',
    workload: null,
    inputSchema: addInputSchema,
    memorySchema: addMemorySchema,
    steps: () => [findAccount(deps), prepareContainer(deps), checkRights(deps), open(deps), record(deps)],
    async cleanUp(run) {
      const key = run.memory.opened?.secretKey;
      if (key && !database.repositories.find(run.input.repositoryId)) await host.secrets.delete(key);
    },
    result: (run) => ({ kind: 'repository', repositoryId: run.input.repositoryId }),
    async ended(run) {
      if (run.input.passwordKey !== null) await host.secrets.delete(run.input.passwordKey);
      events.changed('repository', run.input.repositoryId);
    },
  };
}

function findAccount({ connect }: AddDeps): AddStep {
  return {
    key: 'find-account',
    title: 'Find the storage account',
    async run(run) {
      const connection = await connect(run.input.accountId);
      const account = await getStorageAccount(connection, run.input.storageAccountId, run.signal);
      if (!account) throw accountGone(run.input.storageAccountId);
      if (account.refusal !== null) throw accountRefused(account.name, account.refusal);
      run.remember({ account: { ...account, tags: { ...account.tags } } });
    },
  };
}

function prepareContainer({ connect }: AddDeps): AddStep {
  return {
    key: 'prepare-container',
    title: 'Prepare the container',
    async run(run) {
      const connection = await connect(run.input.accountId);
      const { account, container } = folderOf(run);
      if (await containerExists(connection, account, container, run.signal)) return;
      if (!run.input.createContainer) throw containerMissing(container, account.name);
      await createContainer(connection, account, container, run.signal);
      run.log('info', `The container ${container} was created.`);
    },
  };
}

/** What {@link proveContainerRights} leaves behind when it is interrupted. */
const ownProbe = /^probe\/[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** A folder with other data is refused before anything is written into it; an own probe of an interrupted try goes. */
function checkRights({ connect }: AddDeps): AddStep {
  return {
    key: 'check-rights',
    title: 'Check the folder and the rights to it',
    async run(run) {
      const connection = await connect(run.input.accountId);
      const folder = folderOf(run);
      const store = openBlobStore(connection, folder, connection.options);
      let found = await inspectRepository(store, run.signal);
      if (found.state === 'foreign' && ownProbe.test(found.example)) {
        await store.delete(found.example, run.signal);
        found = await inspectRepository(store, run.signal);
      }
      if (found.state === 'foreign') throw foreignFolder(folder, found.example);
      if (run.input.mode !== 'attach') await proveContainerRights(connection, folder, run.signal);
    },
  };
}

function open({ connect, context }: AddDeps): AddStep {
  return {
    key: 'open',
    title: 'Open the repository',
    async run(run) {
      const connection = await connect(run.input.accountId);
      const store = openBlobStore(connection, folderOf(run), connection.options);
      run.remember({ opened: await openOrCreate(context, run, store) });
    },
  };
}

function record({ connect, context }: AddDeps): AddStep {
  const { database, events, host } = context;
  return {
    key: 'read-points',
    title: 'Read the restore points',
    async run(run) {
      const { input, memory } = run;
      if (!memory.account || !memory.opened)
        throw new AppError('internal', { message: 'Nothing was opened.' });
      const { id, name, region } = memory.account;
      const repository = {
        id: input.repositoryId,
        name: input.name,
        accountId: input.accountId,
        storageAccountId: id,
        storageAccountName: name,
        region,
        container: input.container,
        folder: input.folder,
        addedAt: isoNow(context),
        account: memory.account,
        ...memory.opened,
      };
      const opened = await openKnownRepository(host, await connect(input.accountId), repository, run.signal);
      const points = await listPoints(opened, run.signal);
      const listed = database.transaction(() => {
        database.repositories.put(repository);
        return reconcilePoints(database, repository.id, points);
      });
      if (points.length > 0) run.log('info', `Found ${points.length} restore points.`);
      if (listed.unreadable > 0)
        run.log('warning', `${listed.unreadable} restore points cannot be read by this version of Cairn.`);
      events.changed('repository', repository.id);
      events.changed('point', null);
    },
  };
}

export function folderOf(run: AddRun): BlobFolder {
  if (!run.memory.account) throw new AppError('internal', { message: 'The storage account was not read.' });
  return { account: run.memory.account, container: run.input.container, folder: run.input.folder };
}

function accountGone(storageAccountId: string): AppError {
  return new AppError('not-found', {
    message: `The storage account ${storageAccountId.split('/').at(-1) ?? ''} does not exist, or the account may not see it.`,
    hint: 'Choose another storage account, or give the account the Reader role on it.',
    details: { storageAccountId },
  });
}

function accountRefused(name: string, refusal: string): AppError {
  return new AppError('not-supported', {
    message: `The storage account ${name} cannot hold a repository: ${refusal}`,
    hint: 'Choose another storage account.',
    details: { name },
  });
}

function containerMissing(container: string, account: string): AppError {
  return new AppError('not-found', {
    message: `There is no container named ${container} in the storage account ${account}.`,
    hint: 'Choose a container that exists, or let Cairn create it.',
    details: { container },
  });
}
