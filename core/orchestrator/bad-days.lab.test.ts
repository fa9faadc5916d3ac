import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../lab/start.ts';
import type { ErrorRecord, RestorePoint } from '../contract/index.ts';
import {
  jumpingClock,
  LabPortal,
  labHost,
  labPassword,
  type OpenLabConsole,
  openLabConsole,
  seededRandom,
  temporaryDirectory,
  trustLab,
} from '../testing/index.ts';

/** Bad days: each ends with a clear message or goes on by itself, loses nothing, and the next run works. */

const mib = 1024 * 1024;
let lab: Lab;
let portal: LabPortal;
let desk: OpenLabConsole;
let repositoryId: string;
const directory = temporaryDirectory();
const clock = jumpingClock();

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
  trustLab(lab);
  portal = new LabPortal(lab);
  desk = openLabConsole(lab, labHost(lab, { dataDirectory: directory.path, clock }));
  await desk.signIn();
  repositoryId = await desk.addRepository('bad-days');
  await desk.backUp(await desk.machine('web-01'), repositoryId);
});
afterEach(() => lab.admin.faults.clear());
afterAll(async () => {
  expect(await portal.damages('bad-days', labPassword)).toEqual([]);
  expect(lab.defects).toEqual([]);
  await desk.core.close();
  await lab.close();
  directory.remove();
});

const web = () => desk.machine('web-01');
/** Which machine the next backups are of: Azure takes seven snapshots of a disk in five minutes, no more. */
let subject = 'web-01';

async function newest(): Promise<RestorePoint> {
  const [point] = await desk.core.call('point.list', { repositoryId });
  if (!point) throw new Error('there is no point');
  return point;
}

function expectHelpful(error: ErrorRecord): void {
  expect(error.message).not.toBe('');
  expect(error.hint).not.toBe('');
  expect(JSON.stringify(error)).not.toMatch(/sig=|Bearer/);
}

/** A backup that must fail; nothing but the kept snapshots may be left of it. */
async function backupFails(): Promise<ErrorRecord> {
  const kept = desk.leftovers();
  const before = await newest();
  const error = await desk.failed(await desk.startBackup(await desk.machine(subject), repositoryId));
  expectHelpful(error);
  expect(desk.leftovers()).toEqual(kept);
  expect((await newest()).id).toBe(before.id);
  return error;
}

/** Each backup leaves as many snapshots as there were before, or as many as `expected`. */
async function backupWorks(mode: 'full' | 'incremental', expected?: number): Promise<string> {
  const before = desk.leftovers().length;
  const session = await desk.backUp(await desk.machine(subject), repositoryId);
  expect((await newest()).mode).toBe(mode);
  expect(desk.leftovers()).toHaveLength(expected ?? before);
  return desk.story(session);
}

describe('between two backups', () => {
  it('a snapshot is deleted by hand: that disk is read in full, and the log says so', async () => {
    const [first] = desk.leftovers();
    await portal.deleteSnapshot(first ?? '');
    const story = await backupWorks('incremental', 2);
    expect(story).toContain('the snapshot kept by the last backup was deleted');
    expect(await backupWorks('incremental')).not.toContain('is read in full');
  });

  it('a disk is made larger: it is read in full once, and restores in its new size', async () => {
    const data = (await web()).disks.find(({ os }) => !os)?.resourceId ?? '';
    await portal.resizeDisk(data, 2);
    await desk.writeToDisk(data, 1500 * mib, seededRandom('grown')(mib));
    expect(await backupWorks('incremental')).toContain('the disk was resized since the last backup');
    const session = await desk.restoreDisks(await newest(), 'grown');
    if (session.result?.kind !== 'restore') throw new Error('not a restore');
    const restored = session.result.disks[1];
    expect(restored?.sizeBytes).toBe(2048 * mib);
    expect(await desk.fingerprint(restored?.resourceId ?? '')).toBe(await desk.fingerprint(data));
    for (const { name } of session.result.disks) await portal.deleteDisk(name);
  });
});

describe('a restore', () => {
  it('to a name that is taken is blocked in the plan', async () => {
    await portal.createDisk('taken-0');
    const plan = await desk.plan((await newest()).id, await desk.disksTarget(await newest(), 'taken'));
    expect(plan.notices).toContainEqual(
      expect.objectContaining({ level: 'blocking', text: expect.stringContaining('taken-0') }),
    );
    await expect(desk.core.call('restore.start', { planId: plan.id })).rejects.toMatchObject({
      code: 'conflict',
    });
    await portal.deleteDisk('taken-0');
  });

  it('to a name that was taken after the plan was made fails and touches nothing of others', async () => {
    const plan = await desk.plan((await newest()).id, await desk.disksTarget(await newest(), 'late'));
    await portal.createDisk('late-1');
    const { sessionId } = await desk.core.call('restore.start', { planId: plan.id });
    const error = await desk.failed(sessionId);
    expectHelpful(error);
    expect(error).toMatchObject({ code: 'already-exists', details: { name: 'late-1' } });
    expect(desk.leftovers().filter((name) => name.startsWith('late'))).toEqual(['late-1']);
    await portal.deleteDisk('late-1');
  });

  it('of a machine that is too large for the quota, or to a place that does not exist, is blocked', async () => {
    const place = await desk.place();
    const { subnets } = await desk.core.call('restore.networks', place);
    const plan = await desk.plan((await newest()).id, {
      kind: 'new-vm',
      ...place,
      resourceGroup: 'no-such-group',
      name: 'web-big',
      size: 'Standard_E64s_v5',
      subnetId: subnets[0]?.id ?? '',
      securityGroupId: null,
      publicIp: false,
      start: false,
    });
    const blocking = plan.notices.filter(({ level }) => level === 'blocking');
    expect(blocking.map(({ text }) => text).join()).toContain('no-such-group');
    expect(blocking.map(({ text }) => text).join()).toContain('Standard_E64s_v5');
    for (const { hint } of blocking) expect(hint).not.toBe('');
  });

  it('to the original place that fails half-way gives the machine its own disks back and starts it', async () => {
    const before = await web();
    const kept = desk.leftovers();
    const plan = await desk.plan((await newest()).id, { kind: 'original-vm', start: true }, false);
    const refuse = { status: 409, code: 'OperationNotAllowed', message: 'Not now.' };
    lab.admin.faults.add({
      service: 'arm',
      method: 'PUT',
      path: '*/virtualMachines/web-01',
      skip: 1,
      times: 3,
      respond: refuse,
    });
    const { sessionId } = await desk.core.call('restore.start', { planId: plan.id, confirmation: 'web-01' });
    expectHelpful(await desk.failed(sessionId));
    await desk.sync();
    const after = await web();
    expect(after.disks.map(({ resourceId, lun }) => [resourceId?.toLowerCase(), lun])).toEqual(
      before.disks.map(({ resourceId, lun }) => [resourceId?.toLowerCase(), lun]),
    );
    expect(after.power).toBe('running');
    expect(desk.leftovers()).toEqual(kept);
  });

  it('to the original place creates the machine again when it is gone', async () => {
    const machine = await desk.machine('db-01');
    await desk.backUp(machine, repositoryId);
    const fingerprints = await desk.fingerprints(machine);
    const [point] = await desk.core.call('point.list', { resourceId: machine.resourceId });
    await portal.deleteMachine('db-01');
    const plan = await desk.plan(point?.id ?? '', { kind: 'original-vm', start: true }, false);
    expect(plan.notices).toContainEqual(
      expect.objectContaining({ level: 'warning', text: expect.stringContaining('does not exist any more') }),
    );
    const { sessionId } = await desk.core.call('restore.start', { planId: plan.id });
    await desk.succeeded(sessionId);
    await desk.sync();
    const again = await desk.machine('db-01');
    expect(again).toMatchObject({ resourceId: machine.resourceId, size: machine.size, power: 'running' });
    expect(await desk.fingerprints(again)).toEqual(fingerprints);
  });
});

describe('Azure', () => {
  beforeAll(async () => {
    subject = 'small-01';
    await desk.backUp(await desk.addSmallMachine(subject, 40, directory.path), repositoryId);
  });

  it('has no quota for a worker: the backup fails with the reason, and the next one works', async () => {
    lab.admin.faults.add({
      service: 'arm',
      method: 'PUT',
      path: '*/virtualMachines/cairn-*',
      respond: {
        status: 409,
        code: 'OperationNotAllowed',
        message:
          'Operation could not be completed as it results in exceeding approved Total Regional Cores quota.',
      },
    });
    expect(await backupFails()).toMatchObject({ code: 'quota-exceeded' });
    lab.admin.faults.clear();
    await backupWorks('incremental');
  });

  it('storage is unreachable: the backup says so and takes nothing with it, and the next one works', async () => {
    lab.admin.faults.add({ service: 'blob', drop: 'before' });
    const error = await backupFails();
    expect(error).toMatchObject({ code: 'unreachable' });
    expect(error.message).toContain('bad-days');
    lab.admin.faults.clear();
    await backupWorks('incremental');
  });

  it('queues are unreachable for a while: the session waits and goes on', async () => {
    const sessionId = await desk.startBackup(await desk.machine(subject), repositoryId);
    await desk.logged(sessionId, 'The worker is booting');
    lab.admin.faults.add({ service: 'queue', drop: 'before', times: 60 });
    await desk.succeeded(sessionId);
  });

  it('throttles and fails now and then: the session goes on', async () => {
    const busy = { status: 429, code: 'TooManyRequests', headers: { 'retry-after': '0' } };
    lab.admin.faults.add({ service: 'arm', path: '*/snapshots/*', times: 2, respond: busy });
    lab.admin.faults.add({ service: 'arm', method: 'PUT', times: 1, drop: 'after' });
    lab.admin.faults.add({
      service: 'blob',
      skip: 3,
      times: 2,
      respond: { status: 503, code: 'ServerBusy' },
    });
    await backupWorks('incremental');
  });
});

describe('the laptop', () => {
  it('sleeps eight hours in the middle, and every SAS has run out when it wakes: the session goes on', async () => {
    await desk.writeToDisk(
      (await web()).disks[0]?.resourceId ?? '',
      300 * mib,
      seededRandom('night')(8 * mib),
    );
    lab.admin.faults.add({ service: 'disk', method: 'GET', times: 4, delayMs: 1500 });
    const kept = desk.leftovers();
    const sessionId = await desk.startBackup(await web(), repositoryId);
    await desk.logged(sessionId, 'The worker has begun');
    clock.sleepThrough(8 * 3_600_000);
    for (const name of desk.leftovers().filter((each) => /^cairn-[a-z2-7]{16}-/.test(each)))
      await portal.endSnapshotAccess(name);
    await desk.succeeded(sessionId);
    expect(desk.leftovers()).toHaveLength(kept.length);
  });
});
