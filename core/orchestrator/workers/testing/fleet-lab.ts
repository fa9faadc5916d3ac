import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { callers } from '../../../../lab/arm/testing/small-estate.ts';
import { buildWorkerPackage } from '../../../../scripts/build-worker.ts';
import {
  type ConnectionOptions,
  connectWithSecret,
  createContainer,
  createContainerSas,
  createIncrementalSnapshot,
  getDisk,
  grantSnapshotAccess,
  lastingKinds,
  listOwnResources,
  listQueues,
  listStorageAccounts,
  openBlobStore,
  resourceIdOf,
  type StorageAccountInfo,
} from '../../../azure/index.ts';
import { openSmallLab, type SmallLab, smallEstateNames } from '../../../azure/testing/small-lab.ts';
import type { TaskSecrets, WorkerTask } from '../../../contract/index.ts';
import { createRepository, listPoints } from '../../../engine/index.ts';
import type { Clock, SecretStore } from '../../../host.ts';
import { createWorkerFleet } from '../index.ts';
import type { LedgerEntry, WorkerEvent, WorkerFleetOptions, WorkerRequest } from '../port.ts';

export const { subscriptionId, groupName, location } = smallEstateNames;
export const place = { subscriptionId, resourceGroup: groupName };
export const diskId = resourceIdOf('disk', place, 'web-os');
const installationId = 'installation-1';
export const mib = 1024 ** 2;
export const signal = new AbortController().signal;
const random = (length: number) => randomBytes(length);
const clock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, stop) => sleep(milliseconds, undefined, { signal: stop }),
};

export let lab: SmallLab;
let account: StorageAccountInfo;
let dataKey: string;
export let diskUniqueId: string;
export let diskSize: number;
const built = buildWorkerPackage();
let sharedSas: Promise<string> | undefined;
const secrets = memorySecrets();
const ledger = new Map<string, LedgerEntry>();

/** Opens a lab with a repository and a disk that holds something. The bindings of this file are of this lab. */
export async function openFleetLab(): Promise<void> {
  lab = await openSmallLab();
  const connection = lab.connection();
  const [found] = await listStorageAccounts(connection, subscriptionId, signal);
  if (!found) throw new Error('the estate has a storage account');
  account = found;
  await createContainer(connection, account, 'backups', signal);
  const store = openBlobStore(connection, { account, container: 'backups', folder: 'main' });
  const repository = await createRepository(store, {
    unlock: { kind: 'password', password: 'correct horse battery' },
    deps: { clock: () => Date.now(), random },
    threads: 0,
  } as Parameters<typeof createRepository>[1]);
  dataKey = Buffer.from(repository.exportDataKey()).toString('base64');
  await repository.close();
  const disk = await getDisk(connection, diskId, signal);
  diskUniqueId = disk?.uniqueId ?? '';
  diskSize = disk?.sizeBytes ?? 0;
  await lab.fillDisk(diskUniqueId, [
    { offset: 0, length: 3 * mib, value: 11 },
    { offset: 40 * mib, length: 5 * mib, value: 22 },
    { offset: 4095 * mib, length: mib, value: 33 },
  ]);
}

/** Ends the lab, which must have seen no defect of its own. */
export async function closeFleetLab(): Promise<void> {
  await lab.close();
  expect(lab.defects).toEqual([]);
}

export function memorySecrets(): SecretStore {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key) ?? null,
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
}

export function fleet(options: WorkerFleetOptions = {}, from = secrets) {
  return createWorkerFleet({
    installationId,
    clock,
    random,
    secrets: from,
    ledger: {
      intend: async (entry) => void ledger.set(entry.resourceId.toLowerCase(), entry),
      forget: async (resourceId) => void ledger.delete(resourceId.toLowerCase()),
    },
    workerPackage: () => built,
    options: { pollMs: 100, heartbeatMs: 500, workerSilenceMs: 10_000, ...options },
  });
}

export interface Job {
  readonly sessionId: string;
  readonly purpose: string;
  readonly task: WorkerTask;
  readonly disks: () => Promise<TaskSecrets['disks']>;
  readonly onEvent?: (event: WorkerEvent) => void;
}

export function requestOf(job: Job): WorkerRequest {
  return {
    sessionId: job.sessionId,
    purpose: job.purpose,
    connection: lab.connection(),
    subscriptionId,
    region: location,
    network: null,
    task: () => job.task,
    secrets: async (stop) => {
      const access = job.task.kind === 'backup' ? 'append' : 'read';
      const sas = await createContainerSas(
        lab.connection(),
        { account, container: 'backups', access, durationSeconds: 3600 },
        stop,
      );
      return { repositoryUrl: sas.sas, dataKey, disks: await job.disks() };
    },
    onEvent: job.onEvent ?? (() => undefined),
  };
}

export const snapshotId = (name: string) => resourceIdOf('snapshot', place, name);

export async function snapshot(name: string): Promise<void> {
  const request = { snapshotId: snapshotId(name), diskId, region: location, tags: {} };
  await createIncrementalSnapshot(lab.connection(), request, signal);
}

export async function readSas(name: string): Promise<string> {
  const request = { snapshotId: snapshotId(name), durationSeconds: 3600 };
  return (await grantSnapshotAccess(lab.connection(), request, signal)).sas;
}

export function backupTask(previousPoint: string | null, document: unknown = { format: 1 }): WorkerTask {
  return {
    kind: 'backup',
    repository: { folder: 'main', encrypted: true },
    resource: { workload: 'azure-vm', id: '/subscriptions/x', name: 'web' },
    disks: [
      { index: 0, name: 'web-os', sizeBytes: diskSize, id: diskUniqueId, compare: previousPoint !== null },
    ],
    previousPoint,
    document,
    takenAt: new Date().toISOString(),
  };
}

/** What of this installation is in Azure, apart from what is meant to stay. */
export async function leftovers(): Promise<string[]> {
  const found = await listOwnResources(lab.connection(), { subscriptionId, installationId }, signal);
  const resources = found.filter(({ kind }) => !lastingKinds.some((lasting) => lasting === kind));
  const accounts = await listStorageAccounts(lab.connection(), subscriptionId, signal);
  const workers = accounts.filter(({ tags }) => tags['cairn-kind'] === 'worker-storage');
  const queues = await Promise.all(
    workers.map((worker) => listQueues(lab.connection(), { account: worker, prefix: 'cairn-' }, signal)),
  );
  return [...resources.map(({ resourceId }) => resourceId), ...queues.flat()];
}

export function connectionWith(options: ConnectionOptions) {
  const { cloud } = lab;
  return connectWithSecret(cloud, callers.admin, { ...options, retryDelayMs: 20, pollIntervalMs: 20 });
}

export function openIntents(): LedgerEntry[] {
  return [...ledger.values()].filter(({ sessionId }) => sessionId !== null);
}

/** A backup of one snapshot that all bad days share: Azure makes no more than seven in five minutes. */
export async function smallBackup(sessionId: string, onEvent?: (event: WorkerEvent) => void): Promise<Job> {
  sharedSas ??= snapshot('shared').then(() => readSas('shared'));
  const url = await sharedSas;
  return {
    sessionId,
    purpose: 'backup',
    task: backupTask(null),
    disks: async () => [{ index: 0, url, previousUrl: null }],
    ...(onEvent ? { onEvent } : {}),
  };
}

export async function pointCount(): Promise<number> {
  const { openRepository } = await import('../../../engine/index.ts');
  const store = openBlobStore(lab.connection(), { account, container: 'backups', folder: 'main' });
  const repository = await openRepository(store, {
    unlock: { kind: 'data-key', dataKey: Buffer.from(dataKey, 'base64') },
    deps: { clock: () => Date.now(), random },
    threads: 0,
  });
  const points = await listPoints(repository);
  await repository.close();
  return points.length;
}
