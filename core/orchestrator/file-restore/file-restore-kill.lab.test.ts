import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../lab/start.ts';
import { buildWorkerPackage } from '../../../scripts/build-worker.ts';
import type { FilePlace } from '../../contract/index.ts';
import {
  type KillableCore,
  type KillPoint,
  LabConsole,
  openKillableCore,
  temporaryDirectory,
  trustLab,
} from '../../testing/index.ts';

/** Core (a real process) is killed at every step of putting files back; the session goes on and ends well. */
let lab: Lab;
let core: KillableCore;
let desk: LabConsole;
const directory = temporaryDirectory();

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
  trustLab(lab);
  await restart();
  await desk.signIn();
  await desk.backUp(await desk.machine('web-01'), await desk.addRepository('killed'));
}, 180_000);
afterAll(async () => {
  await core.kill();
  await lab.close();
  directory.remove();
});

async function restart(killAt?: KillPoint): Promise<void> {
  const options = { lab, dataDirectory: directory.path, workerPackage: await buildWorkerPackage() };
  core = await openKillableCore(killAt ? { ...options, killAt } : options);
  desk = new LabConsole(lab, core);
}

async function plan(): Promise<string> {
  const [point] = await desk.core.call('point.list', {});
  const { sessionId } = await desk.core.call('files.open', { pointId: point?.id ?? '' });
  let recovery = await desk.core.call('files.get', { sessionId });
  for (; recovery.state === 'opening'; recovery = await desk.core.call('files.get', { sessionId }))
    await wait(50);
  const root = recovery.volumes?.find(({ guestPlaces }) => guestPlaces.includes('/'));
  const item: FilePlace = { volumeId: root?.id ?? '', path: '/var/log' };
  const target = { kind: 'folder', path: '/root/killed' } as const;
  return (await desk.core.call('files.restorePlan', { sessionId, items: [item], target })).id;
}

it('ends with all files in the machine', async () => {
  const { sessionId } = await desk.core.call('files.restore', { planId: await plan() });
  await core.kill();
  const points = [
    { step: 'put-back' },
    { logged: 'Reading the files' },
    { logged: 'Running a script' },
    { step: 'remove' },
  ];
  for (const point of points) {
    await restart({ sessionId, ...point });
    await core.gone;
  }
  await restart();
  const { result } = await desk.succeeded(sessionId);
  expect(result).toMatchObject({ kind: 'file-restore', keptFiles: 0, failures: [] });
  expect(result?.kind === 'file-restore' && result.restoredFiles).toBeGreaterThan(10);
  expect(await desk.core.call('files.taken', { sessionId })).toHaveLength(1);
}, 240_000);
