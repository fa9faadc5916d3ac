import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkerTask } from '../../contract/index.ts';
import { detachReason } from './index.ts';
import type { WorkerEvent } from './port.ts';

import {
  closeFleetLab,
  connectionWith,
  diskId,
  diskSize,
  fleet,
  type Job,
  lab,
  leftovers,
  memorySecrets,
  openFleetLab,
  openIntents,
  pointCount,
  requestOf,
  signal,
  smallBackup,
} from './testing/fleet-lab.ts';

beforeAll(openFleetLab, 120_000);
afterAll(closeFleetLab);

type LogEvent = Extract<WorkerEvent, { type: 'log' }>;
const isTrouble = (event: WorkerEvent): event is LogEvent => event.type === 'log' && event.level !== 'info';

describe('bad days', () => {
  test('a worker that dies is replaced, and the task is done', async () => {
    const before = await pointCount();
    const logs: string[] = [];
    let killed = false;
    const job = await smallBackup('s-killed', (event) => {
      if (isTrouble(event)) logs.push(event.text);
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
      onEvent: (event: WorkerEvent) => void (isTrouble(event) && logs.push(event.text)),
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
    const job = await smallBackup('s-capacity', (event) => isTrouble(event) && logs.push(event.text));
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
