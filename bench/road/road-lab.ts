import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Connection,
  connectWithSecret,
  createContainer,
  createContainerSas,
  listStorageAccounts,
  type StorageAccountInfo,
} from '../../core/azure/index.ts';
import { type Core, createCore } from '../../core/index.ts';
import { buildWorkerPart } from '../../scripts/build-worker-part.ts';
import { signIn } from '../../scripts/demo/road.ts';
import { type LabProcess, startLabProcess } from '../../scripts/lab-process.ts';
import type { CliIo } from '../../server/cli/cli-io.ts';
import { runSession } from '../../server/cli/run-session.ts';
import { createNodeHost } from '../../server/index.ts';

const root = join(import.meta.dirname, '../..');
const accountName = 'contosobackupweu';
const region = 'westeurope';

/** A lab in its own process, a console on it, and a way to its storage beside the console. */
export interface RoadLab {
  readonly lab: LabProcess;
  readonly core: Core;
  readonly machine: string;
  /** An empty encrypted repository in a container of its own; gives its id. */
  addRepository(container: string): Promise<string>;
  /** Address of a new container with all rights on it. */
  openContainer(container: string): Promise<string>;
  close(): Promise<void>;
}

/** `image` becomes the disk of a machine. */
export async function openRoadLab(image: string, io: CliIo): Promise<RoadLab> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-road-'));
  const worker = await buildWorkerPart(root);
  const lab = await startLabProcess({ estate: 'small', cacheFolder: join(root, '.cache/lab') });
  const machine = 'road-machine';
  await lab.addVmFromImage(image, machine);
  const cloud = join(folder, 'cloud.json');
  await writeFile(cloud, JSON.stringify(lab.cloud));
  const host = await createNodeHost({
    dataDirectory: folder,
    cloud,
    environment: {},
    workerPackage: () => Promise.resolve(worker),
    log: (level, text) => {
      if (level === 'error') io.stderr(`${text}\n`);
    },
  });
  const core = createCore(host);
  await signIn({ core, lab, io });
  const { operator, tenantId } = lab.addresses;
  const secret = { tenantId, clientId: operator.clientId, secret: operator.clientSecret };
  const connection = connectWithSecret(host.cloud, secret);
  const account = await findAccount(connection, lab, io.signal);
  return {
    ...{ lab, core, machine },
    addRepository: (container) => addRepository({ core, io, account }, container),
    async openContainer(container) {
      await createContainer(connection, account, container, io.signal);
      const request = { account, container, access: 'full', durationSeconds: 6 * 3600 } as const;
      return (await createContainerSas(connection, request, io.signal)).sas;
    },
    async close() {
      await core.close();
      await lab.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function findAccount(
  connection: Connection,
  { addresses }: LabProcess,
  signal: AbortSignal,
): Promise<StorageAccountInfo> {
  const [subscriptionId = ''] = addresses.subscriptionIds;
  const accounts = await listStorageAccounts(connection, subscriptionId, signal);
  const found = accounts.find(({ name }) => name === accountName);
  if (found === undefined) throw new Error(`The lab has no storage account ${accountName} in ${region}.`);
  return found;
}

async function addRepository(
  { core, io, account }: { readonly core: Core; readonly io: CliIo; readonly account: StorageAccountInfo },
  container: string,
): Promise<string> {
  const { sessionId } = await core.call(
    'repository.add',
    {
      storageAccountId: account.id,
      container,
      folder: '',
      name: container,
      mode: 'create',
      createContainer: true,
      encryption: { kind: 'password', password: randomBytes(18).toString('base64') },
    },
    io.signal,
  );
  const session = await runSession(core, sessionId, io);
  if (session.result?.kind === 'repository') return session.result.repositoryId;
  throw new Error('Adding the repository gave no repository.');
}
