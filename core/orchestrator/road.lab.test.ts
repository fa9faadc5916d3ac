import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../lab/start.ts';
import type { RestorePoint, Session } from '../contract/index.ts';
import {
  labHost,
  labPassword,
  type OpenLabConsole,
  openLabConsole,
  seededRandom,
  temporaryDirectory,
  trustLab,
} from '../testing/index.ts';

/** One VM backed up, changed, backed up again, and brought back in every way there is. */

const mib = 1024 * 1024;
let lab: Lab;
let desk: OpenLabConsole;
let repositoryId: string;
const directory = temporaryDirectory();
const hashes: { first: string[]; second: string[] } = { first: [], second: [] };

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
  trustLab(lab);
  desk = openLabConsole(lab, labHost(lab, { dataDirectory: directory.path }));
  await desk.signIn();
  repositoryId = await desk.addRepository('road');
});
afterAll(async () => {
  await desk.core.close();
  await lab.close();
  directory.remove();
});

async function points(): Promise<RestorePoint[]> {
  return desk.core.call('point.list', { repositoryId });
}

async function pointAt(position: number): Promise<RestorePoint> {
  const point = (await points()).at(position);
  if (!point) throw new Error('there is no such point');
  return point;
}

async function restoredHashes(session: Session): Promise<string[]> {
  if (session.result?.kind !== 'restore') throw new Error('not a restore');
  return Promise.all(session.result.disks.map(({ resourceId }) => desk.fingerprint(resourceId)));
}

describe('backup', () => {
  it('reads all that is allocated the first time', async () => {
    const machine = await desk.machine('web-01');
    hashes.first = await desk.fingerprints(machine);
    const session = await desk.backUp(machine, repositoryId);
    const point = await pointAt(0);
    expect(session.result).toEqual({ kind: 'backup', pointId: point.id });
    expect(point).toMatchObject({ mode: 'full', state: 'ok', resourceName: 'web-01', sessionId: session.id });
    expect(point.disks).toHaveLength(2);
    expect(point.readBytes).toBeGreaterThan(0);
    expect(point.readBytes).toBeLessThan(point.diskBytes);
    expect(session.steps.every(({ state }) => state === 'done')).toBe(true);
  });

  it('reads only what changed the next time, and keeps one snapshot for each disk', async () => {
    const machine = await desk.machine('web-01');
    const disk = machine.disks[0]?.resourceId ?? '';
    await desk.writeToDisk(disk, 100 * mib, seededRandom('change')(3 * mib));
    hashes.second = await desk.fingerprints(machine);
    expect(hashes.second).not.toEqual(hashes.first);
    await desk.backUp(machine, repositoryId);
    const point = await pointAt(0);
    expect(point.mode).toBe('incremental');
    expect(point.readBytes).toBeLessThan(8 * mib);
    expect(point.storedBytes).toBeLessThan(8 * mib);
    expect(desk.leftovers()).toHaveLength(2);
    expect(desk.leftovers().every((name) => name.startsWith('cairn-'))).toBe(true);
  });
});

describe('restore', () => {
  it('brings both points back as new disks, byte for byte and verified', async () => {
    const second = await desk.restoreDisks(await pointAt(0), 'second');
    const first = await desk.restoreDisks(await pointAt(1), 'first');
    expect(await restoredHashes(second)).toEqual(hashes.second);
    expect(await restoredHashes(first)).toEqual(hashes.first);
    if (first.result?.kind === 'restore')
      expect(first.result.disks.map(({ verified }) => verified)).toEqual([true, true]);
  });

  it('creates the machine again beside the old one', async () => {
    const place = await desk.place();
    const networks = await desk.core.call('restore.networks', place);
    const subnet = networks.subnets.find(({ name }) => name === 'web');
    const plan = await desk.plan((await pointAt(0)).id, {
      kind: 'new-vm',
      ...place,
      name: 'web-01-copy',
      size: 'Standard_D2s_v5',
      subnetId: subnet?.id ?? '',
      securityGroupId: null,
      publicIp: true,
      start: false,
    });
    expect(plan.notices.filter(({ level }) => level === 'blocking')).toEqual([]);
    const { sessionId } = await desk.core.call('restore.start', { planId: plan.id });
    const session = await desk.succeeded(sessionId);
    expect(await restoredHashes(session)).toEqual(hashes.second);
    await desk.succeeded((await desk.core.call('account.sync', {})).sessionId);
    const copy = await desk.machine('web-01-copy');
    expect(copy).toMatchObject({ size: 'Standard_D2s_v5', power: 'deallocated' });
    expect(copy.tags).toMatchObject({ application: 'shop' });
    expect(copy.disks.map(({ lun }) => lun)).toEqual(
      (await desk.machine('web-01')).disks.map(({ lun }) => lun),
    );
  });

  it('replaces the disks of the original machine only after its name was typed, and keeps the old ones', async () => {
    const before = await desk.machine('web-01');
    const plan = await desk.plan((await pointAt(1)).id, { kind: 'original-vm', start: true });
    expect(plan.confirmation).toBe('web-01');
    await expect(desk.core.call('restore.start', { planId: plan.id })).rejects.toMatchObject({
      code: 'invalid-input',
      details: { field: 'confirmation' },
    });
    const { sessionId } = await desk.core.call('restore.start', { planId: plan.id, confirmation: 'web-01' });
    const session = await desk.succeeded(sessionId);
    await desk.succeeded((await desk.core.call('account.sync', {})).sessionId);
    const after = await desk.machine('web-01');
    expect(await desk.fingerprints(after)).toEqual(hashes.first);
    expect(after.power).toBe('running');
    expect(await desk.fingerprints(before)).toEqual(hashes.second);
    if (session.result?.kind === 'restore') {
      const old = before.disks.map(({ resourceId }) => resourceId?.toLowerCase());
      expect([...session.result.replacedDisks].sort()).toEqual(old.sort());
    }
  });

  it('reads the replaced disks in full at the next backup, and says why', async () => {
    const session = await desk.backUp(await desk.machine('web-01'), repositoryId);
    expect(await pointAt(0)).toMatchObject({ mode: 'full' });
    expect(await desk.story(session)).toContain('is read in full');
  });
});

it('keeps no secret in its database', () => {
  for (const file of readdirSync(directory.path).filter((name) => name.startsWith('cairn.db'))) {
    const bytes = readFileSync(join(directory.path, file));
    for (const secret of [lab.operator.clientSecret, labPassword, 'sig=', 'Bearer '])
      expect(bytes.includes(secret), `${secret} in ${file}`).toBe(false);
  }
});

it('leaves no worker, no NIC, no address and no disk of ours behind', async () => {
  const kinds = lab.admin.leftovers().map(({ tags }) => tags['cairn-kind'] ?? '');
  expect(kinds.filter((kind) => /^worker-(vm|nic|ip|disk)$/.test(kind))).toEqual([]);
  expect(kinds.filter((kind) => kind === 'snapshot')).toHaveLength(2);
  expect(lab.defects).toEqual([]);
});
