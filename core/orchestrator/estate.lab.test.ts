import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../lab/start.ts';
import {
  labHost,
  memorySecrets,
  type OpenLabConsole,
  openLabConsole,
  temporaryDirectory,
  trustLab,
} from '../testing/index.ts';

/** Accounts and what they see. */

let lab: Lab;
let desk: OpenLabConsole;
const directory = temporaryDirectory();
const secrets = memorySecrets();

beforeAll(async () => {
  lab = await startLab({ estate: 'full' });
  trustLab(lab);
  desk = openLabConsole(lab, labHost(lab, { dataDirectory: directory.path, secrets }));
  await desk.signIn();
});
afterEach(() => lab.admin.faults.clear());
afterAll(async () => {
  await desk.core.close();
  expect(lab.defects).toEqual([]);
  await lab.close();
  directory.remove();
});

describe('the estate', () => {
  it('is seen with disks, power and whether each machine can be protected', async () => {
    const { vms, syncedAt } = await desk.core.call('vm.list', {});
    expect(vms.length).toBeGreaterThanOrEqual(10);
    expect(syncedAt).not.toBeNull();
    const overview = await desk.core.call('overview.get', {});
    expect(overview.vms).toEqual({
      total: vms.length,
      protected: 0,
      unprotected: vms.length - 1,
      notSupported: 1,
    });
    expect(await desk.machine('win-app-01')).toMatchObject({ os: 'windows', power: 'deallocated' });
  });

  it('shows a machine with its network, and without it when Azure does not answer', async () => {
    const { resourceId } = await desk.machine('web-01');
    const page = await desk.core.call('vm.get', { resourceId });
    expect(page.network).toMatchObject([{ subnet: 'web', privateIp: '10.10.1.4' }]);
    lab.admin.faults.add({ service: 'arm', drop: 'before' });
    expect(await desk.core.call('vm.get', { resourceId })).toMatchObject({ vm: page.vm, network: [] });
  });

  it('keeps what it knew of a subscription that cannot be read now, and the log says why', async () => {
    const before = await desk.core.call('vm.list', {});
    lab.admin.faults.add({
      service: 'arm',
      path: `/subscriptions/${lab.subscriptionIds[1]}/providers/Microsoft.Compute/virtualMachines`,
      respond: { status: 403, code: 'AuthorizationFailed', message: 'No.' },
    });
    const session = await desk.succeeded((await desk.core.call('account.sync', {})).sessionId);
    expect(await desk.story(session)).toContain('warning: The subscription');
    expect((await desk.core.call('vm.list', {})).vms).toEqual(before.vms);
  });

  it('that cannot be read at all makes the sync fail with the reason, and is shown as it was', async () => {
    const before = await desk.core.call('vm.list', {});
    lab.admin.faults.add({ service: 'arm', drop: 'before' });
    const error = await desk.failed((await desk.core.call('account.sync', {})).sessionId);
    expect(error).toMatchObject({ code: 'unreachable', retryable: true });
    expect(error.hint).not.toBe('');
    expect((await desk.core.call('vm.list', {})).vms).toEqual(before.vms);
  });
});

describe('a user', () => {
  it('signs in by device code, sees the same machines, and can be removed with every trace', async () => {
    const flow = await desk.core.call('account.startDeviceCode', { name: 'Alex', tenantId: lab.tenantId });
    expect(await desk.core.call('account.deviceCodeState', flow)).toEqual({ state: 'waiting' });
    const response = await fetch(`${lab.admin.adminOrigin}/device-codes`, {
      method: 'POST',
      headers: { 'x-lab-admin-key': lab.admin.adminKey },
      body: JSON.stringify({ userCode: flow.userCode, userPrincipalName: lab.user.userPrincipalName }),
    });
    expect(response.status).toBe(200);
    await expect
      .poll(async () => (await desk.core.call('account.deviceCodeState', flow)).state, { timeout: 30_000 })
      .toBe('done');
    const state = await desk.core.call('account.deviceCodeState', flow);
    if (state.state !== 'done') throw new Error('not signed in');
    await desk.succeeded(state.sessionId);
    expect(state.account).toMatchObject({ kind: 'user', principal: lab.user.userPrincipalName });
    expect(await desk.core.call('account.list', {})).toHaveLength(2);
    await desk.core.call('account.remove', { accountId: state.account.id });
    expect(await desk.core.call('account.list', {})).toHaveLength(1);
    expect([...secrets.values.keys()].filter((key) => key.includes(state.account.id))).toEqual([]);
    expect((await desk.core.call('vm.list', {})).vms.length).toBeGreaterThanOrEqual(10);
  });

  it('who cancels is forgotten', async () => {
    const flow = await desk.core.call('account.startDeviceCode', { name: 'Alex', tenantId: lab.tenantId });
    await desk.core.call('account.cancelDeviceCode', flow);
    await expect(desk.core.call('account.deviceCodeState', flow)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('the wizards', () => {
  it('see storage accounts, containers, places, networks and sizes', async () => {
    const accounts = await desk.core.call('repository.storageAccounts', {});
    expect(accounts.map(({ name }) => name)).toContain('contosobackupweu');
    const place = await desk.place();
    const networks = await desk.core.call('restore.networks', place);
    expect(networks.subnets.map(({ name }) => name)).toEqual(expect.arrayContaining(['web', 'data']));
    const sizes = await desk.core.call('restore.sizes', place);
    expect(sizes.find(({ name }) => name === 'Standard_D2s_v5')).toMatchObject({ refusal: null });
  });
});
