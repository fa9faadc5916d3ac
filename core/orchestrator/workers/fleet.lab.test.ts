import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callers } from '../../../lab/arm/testing/small-estate.ts';
import { buildWorkerPackage } from '../../../scripts/build-worker.ts';
import {
  type ConnectionOptions,
  connectWithSecret,
  createContainer,
  createContainerSas,
  createIncrementalSnapshot,
  createUploadDisk,
  deleteDisk,
  deleteSnapshot,
  getDisk,
  grantDiskRead,
  grantDiskWrite,
  grantSnapshotAccess,
  lastingKinds,
  listOwnResources,
  listQueues,
  listStorageAccounts,
  openBlobStore,
  resourceIdOf,
  revokeDiskAccess,
  revokeSnapshotAccess,
  type StorageAccountInfo,
} from '../../azure/index.ts';
import { openSmallLab, type SmallLab, smallEstateNames } from '../../azure/testing/small-lab.ts';
import type { TaskResult, TaskSecrets, WorkerTask } from '../../contract/index.ts';
import { createRepository, listPoints } from '../../engine/index.ts';
import type { Clock, SecretStore } from '../../host.ts';
import { createWorkerFleet, detachReason } from './index.ts';
import type { LedgerEntry, WorkerEvent, WorkerFleetOptions, WorkerRequest } from './port.ts';

const { subscriptionId, groupName, location } = smallEstateNames;
const place = { subscriptionId, resourceGroup: groupName };
const diskId = resourceIdOf('disk', place, 'web-os');
const installationId = 'installation-1';
const mib = 1024 ** 2;
const signal = new AbortController().signal;
const random = (length: number) => randomBytes(length);
const clock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, stop) => sleep(milliseconds, undefined, { signal: stop }),
};

let lab: SmallLab;
let account: StorageAccountInfo;
let dataKey: string;
let diskUniqueId: string;
let diskSize: number;
const built = buildWorkerPackage();
let sharedSas: Promise<string> | undefined;
const secrets = memorySecrets();
const ledger = new Map<string, LedgerEntry>();

beforeAll(async () => {
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
}, 120_000);

afterAll(async () => {
  await lab.close();
  expect(lab.defects).toEqual([]);
});

function memorySecrets(): SecretStore {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key) ?? null,
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
}

function fleet(options: WorkerFleetOptions = {}, from = secrets) {
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

interface Job {
  readonly sessionId: string;
  readonly purpose: string;
  readonly task: WorkerTask;
  readonly disks: () => Promise<TaskSecrets['disks']>;
  readonly onEvent?: (event: WorkerEvent) => void;
}

function requestOf(job: Job): WorkerRequest {
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

const snapshotId = (name: string) => resourceIdOf('snapshot', place, name);

async function snapshot(name: string): Promise<void> {
  const request = { snapshotId: snapshotId(name), diskId, region: location, tags: {} };
  await createIncrementalSnapshot(lab.connection(), request, signal);
}

async function readSas(name: string): Promise<string> {
  const request = { snapshotId: snapshotId(name), durationSeconds: 3600 };
  return (await grantSnapshotAccess(lab.connection(), request, signal)).sas;
}

function backupTask(previousPoint: string | null, document: unknown = { format: 1 }): WorkerTask {
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
async function leftovers(): Promise<string[]> {
  const found = await listOwnResources(lab.connection(), { subscriptionId, installationId }, signal);
  const resources = found.filter(({ kind }) => !lastingKinds.some((lasting) => lasting === kind));
  const accounts = await listStorageAccounts(lab.connection(), subscriptionId, signal);
  const workers = accounts.filter(({ tags }) => tags['cairn-kind'] === 'worker-storage');
  const queues = await Promise.all(
    workers.map((worker) => listQueues(lab.connection(), { account: worker, prefix: 'cairn-' }, signal)),
  );
  return [...resources.map(({ resourceId }) => resourceId), ...queues.flat()];
}

function connectionWith(options: ConnectionOptions) {
  const { cloud } = lab;
  return connectWithSecret(cloud, callers.admin, { ...options, retryDelayMs: 20, pollIntervalMs: 20 });
}

function openIntents(): LedgerEntry[] {
  return [...ledger.values()].filter(({ sessionId }) => sessionId !== null);
}

describe('the road through a worker', () => {
  let full: Extract<TaskResult, { kind: 'backup' }>;
  let incremental: Extract<TaskResult, { kind: 'backup' }>;
  const hashes: string[] = [];

  test('a full backup reads what is allocated', async () => {
    await snapshot('full');
    hashes.push(await lab.diskHash(diskUniqueId));
    const events: WorkerEvent[] = [];
    const sas = await readSas('full');
    const result = await fleet().run(
      requestOf({
        sessionId: 's-full',
        purpose: 'backup',
        task: backupTask(null, { format: 1, large: 'x'.repeat(80_000) }),
        disks: async () => [{ index: 0, url: sas, previousUrl: null }],
        onEvent: (event) => events.push(event),
      }),
      signal,
    );
    if (result.kind !== 'backup') throw new Error('not a backup');
    full = result;
    expect(full).toMatchObject({ diskBytes: diskSize, readBytes: 9 * mib, fullDisks: [] });
    expect(full.storedBytes).toBeGreaterThan(8 * mib);
    expect(
      events.filter(({ type }) => type === 'phase').map((event) => 'phase' in event && event.phase),
    ).toEqual(['preparing', 'launching', 'booting', 'working', 'removing']);
    expect(events.filter(({ type }) => type === 'log')).toEqual([]);
    expect(await leftovers()).toEqual([]);
    expect(openIntents()).toEqual([]);
  });

  test('a later one reads what changed or was cleared', async () => {
    await lab.fillDisk(diskUniqueId, [
      { offset: 41 * mib, length: mib, value: 44 },
      { offset: 100 * mib, length: 65_536, value: 55 },
      { offset: 0, length: mib, value: 0 },
    ]);
    await snapshot('later');
    hashes.push(await lab.diskHash(diskUniqueId));
    const [url, previousUrl] = [await readSas('later'), await readSas('full')];
    const result = await fleet().run(
      requestOf({
        sessionId: 's-later',
        purpose: 'backup',
        task: backupTask(full.pointId),
        disks: async () => [{ index: 0, url, previousUrl }],
      }),
      signal,
    );
    if (result.kind !== 'backup') throw new Error('not a backup');
    incremental = result;
    expect(incremental).toMatchObject({ readBytes: 2 * mib, fullDisks: [] });
    expect(incremental.storedBytes).toBeLessThan(full.storedBytes / 5);
    for (const name of ['full', 'later']) {
      await revokeSnapshotAccess(lab.connection(), snapshotId(name), signal);
      await deleteSnapshot(lab.connection(), snapshotId(name), signal);
    }
  });

  test.each([0, 1])('point %i is restored byte for byte and verified', async (which) => {
    const connection = lab.connection();
    const target = resourceIdOf('disk', place, `restored-${which}`);
    await createUploadDisk(
      connection,
      {
        diskId: target,
        region: location,
        zone: null,
        sizeBytes: diskSize,
        sku: 'Standard_LRS',
        os: null,
        tags: {},
      },
      signal,
    );
    const point = [full, incremental][which]?.pointId ?? '';
    const repository = { folder: 'main', encrypted: true };
    const disk = { index: 0, name: 'web-os', sizeBytes: diskSize, target };
    const restored = await fleet().run(
      requestOf({
        sessionId: `s-restore-${which}`,
        purpose: 'restore',
        task: { kind: 'restore', repository, point, disks: [{ ...disk, startAt: 0 }] },
        disks: async () => [
          {
            index: 0,
            url: (await grantDiskWrite(connection, { diskId: target, durationSeconds: 3600 }, signal)).sas,
            previousUrl: null,
          },
        ],
      }),
      signal,
    );
    expect(restored).toMatchObject({ kind: 'restore', disks: [{ index: 0, diskBytes: diskSize }] });
    await revokeDiskAccess(connection, target, signal);
    const made = await getDisk(connection, target, signal);
    expect(made?.state).toBe('Unattached');
    expect(await lab.diskHash(made?.uniqueId ?? '')).toBe(hashes[which]);
    const read = await grantDiskRead(connection, { diskId: target, durationSeconds: 3600 }, signal);
    const verified = await fleet().run(
      requestOf({
        sessionId: `s-restore-${which}`,
        purpose: 'verify',
        task: { kind: 'verify', repository, point, disks: [disk] },
        disks: async () => [{ index: 0, url: read.sas, previousUrl: null }],
      }),
      signal,
    );
    expect(verified).toMatchObject({ kind: 'verify', disks: [{ index: 0, firstDifference: null }] });
    await revokeDiskAccess(connection, target, signal);
    await deleteDisk(connection, target, signal);
    expect(await leftovers()).toEqual([]);
  });
});

/** A backup of one snapshot that all bad days share: Azure makes no more than seven in five minutes. */
async function smallBackup(sessionId: string, onEvent?: (event: WorkerEvent) => void): Promise<Job> {
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

async function pointCount(): Promise<number> {
  const { openRepository } = await import('../../engine/index.ts');
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

describe('bad days', () => {
  test('a worker that dies is replaced, and the task is done', async () => {
    const before = await pointCount();
    const logs: string[] = [];
    let killed = false;
    const job = await smallBackup('s-killed', (event) => {
      if (event.type === 'log') logs.push(event.text);
      if (event.type !== 'phase' || event.phase !== 'working' || killed) return;
      killed = true;
      for (const vm of lab.vms.running()) void lab.vms.stop(vm, 'stopped', signal);
    });
    const result = await fleet().run(requestOf(job), signal);
    expect(result.kind).toBe('backup');
    expect(killed).toBe(true);
    expect(logs.join()).toContain('is replaced');
    expect(await pointCount()).toBe(before + 1);
    expect(await leftovers()).toEqual([]);
  });

  test('a worker that never speaks ends as worker-lost after its replacements', async () => {
    const deaf = lab.control.faults.add({
      service: 'queue',
      method: 'POST',
      path: '*-out/messages',
      respond: { status: 403, code: 'AuthorizationFailure' },
    });
    const job = await smallBackup('s-mute');
    const run = fleet({ bootTimeoutMs: 1500, replacements: 1 }).run(requestOf(job), signal);
    await expect(run).rejects.toMatchObject({ code: 'worker-lost', details: { launches: '2' } });
    lab.control.faults.remove(deaf.id);
    expect(await leftovers()).toEqual([]);
    expect(openIntents()).toEqual([]);
  });

  test('core that goes away in the middle finds its worker again', async () => {
    const kept = memorySecrets();
    const gone = new AbortController();
    const job = await smallBackup('s-detached', (event) => {
      if (event.type === 'phase' && event.phase === 'working') gone.abort(detachReason);
    });
    await expect(fleet({}, kept).run(requestOf(job), gone.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(lab.vms.running()).toHaveLength(1);
    const phases: string[] = [];
    const again = {
      ...job,
      onEvent: (event: WorkerEvent) => void (event.type === 'phase' && phases.push(event.phase)),
    };
    const result = await fleet({}, kept).run(requestOf(again), signal);
    expect(result.kind).toBe('backup');
    expect(phases).not.toContain('launching');
    // A core that crashed before it could note the result gets the same one again.
    expect(await fleet({}, kept).run(requestOf(again), signal)).toEqual(result);
    await fleet({}, kept).removeWorkers(requestOf(again), signal);
    expect(await leftovers()).toEqual([]);
  });

  test('a worker whose core does not come back turns itself off; a late core starts another', async () => {
    const kept = memorySecrets();
    const gone = new AbortController();
    const job = await smallBackup('s-alone', (event) => {
      if (event.type === 'phase' && event.phase === 'booting') gone.abort(detachReason);
    });
    const impatient = fleet({ coreSilenceMs: 1000 }, kept);
    await expect(impatient.run(requestOf(job), gone.signal)).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => lab.vms.running(), { timeout: 60_000, interval: 200 }).toEqual([]);
    const logs: string[] = [];
    const later = {
      ...job,
      onEvent: (event: WorkerEvent) => void (event.type === 'log' && logs.push(event.text)),
    };
    expect((await fleet({}, kept).run(requestOf(later), signal)).kind).toBe('backup');
    expect(logs).toEqual(['The worker was lost and is replaced: Nothing was heard from the console.']);
    expect(await leftovers()).toEqual([]);
  });

  test('cancelling removes the worker', async () => {
    const stop = new AbortController();
    const job = await smallBackup('s-cancelled', (event) => {
      if (event.type === 'phase' && event.phase === 'working') stop.abort();
    });
    await expect(fleet().run(requestOf(job), stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await leftovers()).toEqual([]);
  });

  test('the error of a task comes back as it was', async () => {
    const job = await smallBackup('s-wrong');
    const task: WorkerTask = {
      kind: 'verify',
      repository: { folder: 'main', encrypted: true },
      point: '00'.repeat(16),
      disks: [{ index: 0, name: 'web-os', sizeBytes: diskSize, target: diskId }],
    };
    const wrong: Job = { ...job, task };
    await expect(fleet().run(requestOf(wrong), signal)).rejects.toMatchObject({ code: 'not-found' });
    expect(await leftovers()).toEqual([]);
  });

  test('an expired SAS is renewed without losing the task', async () => {
    let asked = 0;
    const job = await smallBackup('s-expired');
    const disks = async () => {
      asked += 1;
      const good = await job.disks();
      return asked === 1
        ? good.map((disk) => ({ ...disk, url: disk.url.replace(/sig=.{6}/, 'sig=AAAAAA') }))
        : good;
    };
    const result = await fleet().run(requestOf({ ...job, disks }), signal);
    expect(result.kind).toBe('backup');
    expect(asked).toBeGreaterThan(1);
  });

  test('queues that fail for a while cost nothing but time', async () => {
    const busy = { status: 503, code: 'ServerBusy' };
    for (const method of ['GET', 'POST', 'DELETE'])
      lab.control.faults.add({
        service: 'queue',
        method,
        path: '*/messages*',
        skip: 3,
        times: 4,
        respond: busy,
      });
    lab.control.faults.add({ service: 'disk', method: 'GET', times: 3, drop: 'before' });
    lab.control.faults.add({ service: 'blob', method: 'PUT', path: '*/backups/*', times: 2, drop: 'after' });
    const result = await fleet().run(requestOf(await smallBackup('s-busy')), signal);
    expect(result.kind).toBe('backup');
    lab.control.faults.clear();
    expect(await leftovers()).toEqual([]);
  });

  test('queues that stay away end the task; what is left is removed later', async () => {
    const own = memorySecrets();
    const job = await smallBackup('s-away', (event) => {
      if (event.type === 'phase' && event.phase === 'working')
        lab.control.faults.add({ service: 'queue', drop: 'before' });
    });
    const tired = connectionWith({ maxRetries: 0 });
    const run = fleet({ coreSilenceMs: 1500 }, own).run({ ...requestOf(job), connection: tired }, signal);
    await expect(run).rejects.toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('network'),
    });
    lab.control.faults.clear();
    await fleet({}, own).removeWorkers(requestOf(job), signal);
    expect(await leftovers()).toEqual([]);
    expect(openIntents()).toEqual([]);
  });

  test('a size that Azure has no capacity for is followed by the next', async () => {
    const path = '*/virtualMachines/cairn-*';
    const respond = { status: 409, code: 'SkuNotAvailable', message: 'None left.' };
    lab.control.faults.add({ service: 'arm', method: 'PUT', path, times: 1, respond });
    const failOperation = { code: 'AllocationFailed', message: 'None left now.' };
    lab.control.faults.add({ service: 'arm', method: 'PUT', path, times: 1, failOperation });
    const logs: string[] = [];
    const job = await smallBackup('s-capacity', (event) => event.type === 'log' && logs.push(event.text));
    const sizes = ['Standard_F2s_v2', 'Standard_D2s_v5', 'Standard_F2s_v2'];
    const result = await fleet().run({ ...requestOf(job), sizes }, signal);
    expect(result.kind).toBe('backup');
    expect(logs).toEqual([
      'No worker of size Standard_F2s_v2 could be had; trying Standard_D2s_v5.',
      'No worker of size Standard_D2s_v5 could be had; trying Standard_F2s_v2.',
    ]);
    expect(await leftovers()).toEqual([]);
  });

  test('no quota for any size is said before anything is made', async () => {
    const job = await smallBackup('s-quota');
    const request = { ...requestOf(job), sizes: ['Standard_F8s_v2'] };
    await expect(fleet().run(request, signal)).rejects.toMatchObject({ code: 'quota-exceeded' });
    expect(await leftovers()).toEqual([]);
    expect(openIntents()).toEqual([]);
  });
});
