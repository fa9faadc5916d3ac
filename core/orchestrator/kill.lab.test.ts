import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../lab/start.ts';
import { buildWorkerPackage } from '../../scripts/build-worker.ts';
import type { RestorePoint, Session, WorkerPackage } from '../index.ts';
import {
  type KillableCore,
  type KillPoint,
  LabConsole,
  LabPortal,
  labPassword,
  openKillableCore,
  seededRandom,
  temporaryDirectory,
  trustLab,
} from '../testing/index.ts';

/** Core (a real process, SIGKILL) and worker (its machine is stopped) die at every step; the session goes on. */

const mib = 1024 * 1024;
/** Ten cores one after another take their time on a busy machine. */
const patience = 400_000;
let lab: Lab;
let portal: LabPortal;
let workerPackage: WorkerPackage;
let core: KillableCore;
let desk: LabConsole;
let repositoryId: string;
const directory = temporaryDirectory();

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
  trustLab(lab);
  portal = new LabPortal(lab);
  workerPackage = await buildWorkerPackage();
  await restartCore();
  await desk.signIn();
  repositoryId = await desk.addRepository('kill');
  await desk.backUp(await desk.addSmallMachine('victim', 40, directory.path), repositoryId);
});
afterAll(async () => {
  await core.kill();
  expect(lab.defects).toEqual([]);
  await lab.close();
  directory.remove();
});

/** A new core over the same data; with a kill point it ends by itself when it gets there. */
async function restartCore(killAt?: KillPoint): Promise<void> {
  const options = { lab, dataDirectory: directory.path, workerPackage };
  core = await openKillableCore(killAt ? { ...options, killAt } : options);
  desk = new LabConsole(lab, core);
}

/** Starts a session, then kills every core that works on it at the next point of the list. */
async function killAtEach(
  begin: () => Promise<string>,
  points: readonly Omit<KillPoint, 'sessionId'>[],
): Promise<Session> {
  const sessionId = await begin();
  await core.kill();
  for (const point of points) {
    await restartCore({ sessionId, ...point });
    await core.gone;
  }
  await restartCore();
  return desk.succeeded(sessionId);
}

async function newest(): Promise<RestorePoint> {
  const [point] = await desk.core.call('point.list', { repositoryId });
  if (!point) throw new Error('there is no point');
  return point;
}

async function expectNothingLeft(): Promise<void> {
  const kinds = lab.admin.leftovers().map(({ tags }) => tags['cairn-kind'] ?? '');
  expect(kinds.filter((kind) => /^worker-(vm|nic|ip|disk)$/.test(kind))).toEqual([]);
  expect(kinds.filter((kind) => kind === 'snapshot')).toHaveLength(1);
  expect(await portal.damages('kill', labPassword)).toEqual([]);
}

/** Stops the machine of the worker that runs now, without the worker noticing. */
async function killWorker(): Promise<void> {
  const worker = lab.admin.leftovers().find(({ tags }) => tags['cairn-kind'] === 'worker-vm');
  const [, group = ''] = /resourceGroups\/([^/]+)/i.exec(worker?.id ?? '') ?? [];
  await portal.stopMachine(worker?.id.split('/').at(-1) ?? '', group);
}

describe('core killed at each step', () => {
  it(
    'of a backup: the session goes on to one good point',
    async () => {
      const machine = await desk.machine('victim');
      await desk.writeToDisk(machine.disks[0]?.resourceId ?? '', 20 * mib, seededRandom('kill')(4 * mib));
      const before = (await desk.core.call('point.list', { repositoryId })).length;
      const session = await killAtEach(
        () => desk.startBackup(machine, repositoryId),
        [
          { step: 'check-machine' },
          { step: 'snapshot-disks' },
          { step: 'compare' },
          { step: 'move-data' },
          { logged: 'Starting a worker' },
          { logged: 'The worker is booting' },
          { logged: 'The worker has begun' },
          { logged: 'Removing the worker' },
          { step: 'record-point' },
          { step: 'remove-old-snapshots' },
        ],
      );
      expect(session.result).toEqual({ kind: 'backup', pointId: (await newest()).id });
      expect(await desk.core.call('point.list', { repositoryId })).toHaveLength(before + 1);
      expect((await newest()).mode).toBe('incremental');
      await expectNothingLeft();
    },
    patience,
  );

  it(
    'of a restore to a new machine: the disks are complete and verified',
    async () => {
      const place = await desk.place();
      const { subnets } = await desk.core.call('restore.networks', place);
      const plan = await desk.plan((await newest()).id, {
        kind: 'new-vm',
        ...place,
        name: 'web-killed',
        size: 'Standard_D2s_v5',
        subnetId: subnets.find(({ name }) => name === 'web')?.id ?? '',
        securityGroupId: null,
        publicIp: true,
        start: true,
      });
      const begin = async () => (await desk.core.call('restore.start', { planId: plan.id })).sessionId;
      const session = await killAtEach(begin, [
        { step: 'check-target' },
        { step: 'create-disks' },
        { step: 'write-data' },
        { logged: 'The worker has begun' },
        { step: 'verify' },
        { step: 'create-network' },
        { step: 'create-machine' },
        { step: 'finish' },
      ]);
      if (session.result?.kind !== 'restore') throw new Error('not a restore');
      expect(session.result.disks.map(({ verified }) => verified)).toEqual([true]);
      const restored = session.result.disks.map(({ resourceId }) => desk.fingerprint(resourceId));
      expect(await Promise.all(restored)).toEqual(await desk.fingerprints(await desk.machine('victim')));
      await expectNothingLeft();
    },
    patience,
  );
});

describe('the worker killed', () => {
  it('while it boots and while it copies: another one takes over', async () => {
    lab.admin.faults.add({ service: 'disk', method: 'GET', times: 3, delayMs: 2000 });
    const sessionId = await desk.startBackup(await desk.machine('victim'), repositoryId);
    await desk.logged(sessionId, 'The worker has begun');
    await killWorker();
    const session = await desk.succeeded(sessionId);
    expect(await desk.story(session)).toContain('is replaced');
    await expectNothingLeft();
  });

  it('while it restores: another one goes on, and the disks are verified', async () => {
    lab.admin.faults.add({ service: 'disk', method: 'PUT', times: 2, delayMs: 2000 });
    const plan = await desk.plan((await newest()).id, await desk.disksTarget(await newest(), 'taken-over'));
    const { sessionId } = await desk.core.call('restore.start', { planId: plan.id });
    await desk.logged(sessionId, 'The worker has begun');
    await killWorker();
    const session = await desk.succeeded(sessionId);
    expect(await desk.story(session)).toContain('is replaced');
    await expectNothingLeft();
  });
});

describe('cancelling', () => {
  it('in the middle of a backup, with core killed while it cleans up, leaves nothing', async () => {
    const sessionId = await desk.startBackup(await desk.machine('victim'), repositoryId);
    await desk.logged(sessionId, 'Starting a worker');
    await desk.core.call('session.cancel', { sessionId });
    await core.kill();
    await restartCore();
    expect(await desk.ended(sessionId)).toMatchObject({ state: 'cancelled', error: null });
    await expectNothingLeft();
  });
});
