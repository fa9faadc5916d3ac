import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, type LabFixture, openLabFixture } from '../arm/testing/lab-fixture.ts';
import { groupId, groupName, location } from '../arm/testing/small-estate.ts';
import { adminKeyHeader } from './index.ts';

const empty = { location, diskSizeGB: 1, creationData: { createOption: 'Empty' } };

describe('state', () => {
  it('survives a restart: resources, tokens, keys of accounts', async () => {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'cairn-control-'));
    try {
      const first = await openLabFixture({ stateDirectory });
      const { compute, credential } = first.clients();
      const disk = await compute.disks.createOrUpdate(groupName, 'kept', empty);
      const { token } = await credential.getToken('https://management.azure.com/.default');
      await first.close();
      expect(await readdir(stateDirectory)).toEqual(['control-plane.json']);
      const second = await openLabFixture({ stateDirectory });
      const answer = await fetch(`${second.plane.origin}${disk.id}?api-version=2026-03-02`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(await answer.json()).toMatchObject({ name: 'kept', properties: { uniqueId: disk.uniqueId } });
      expect((await collect(second.clients().compute.disks.list())).map((each) => each.name)).toEqual([
        'web-os',
        'kept',
      ]);
      await second.close();
    } finally {
      await rm(stateDirectory, { recursive: true });
    }
  });
});

describe('machines', () => {
  it('run again after a restart, except those that had ended', async () => {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'cairn-control-'));
    try {
      const first = await openLabFixture({ stateDirectory });
      const web = first.plane.store.list({ type: 'Microsoft.Compute/virtualMachines' })[0];
      if (!web) throw new Error('no VM');
      const vmId = String(web.properties.vmId);
      const properties = { ...web.properties, vmId: 'other' };
      first.plane.store.put({ ...web, hidden: { powerState: 'running', customData: 'IyE=' } });
      first.plane.store.put({
        ...web,
        id: `${web.id}2`,
        name: 'web2',
        properties,
        hidden: { powerState: 'running', customData: 'IyE=' },
      });
      await first.planes.vms.stop('other', 'stopped', new AbortController().signal);
      await first.close();
      const second = await openLabFixture({ stateDirectory });
      expect(second.planes.booted).toMatchObject([{ vmId, firstBoot: false }]);
      await second.close();
    } finally {
      await rm(stateDirectory, { recursive: true });
    }
  });
});

describe('rate limits', () => {
  it('are off unless asked for', async () => {
    const at = Date.now();
    const lab = await openLabFixture({ throttling: true, now: () => at });
    const web = `${groupId}/providers/Microsoft.Compute/virtualMachines/web?api-version=2026-04-01`;
    const first = await lab.send('GET', web);
    expect(first.headers['x-ms-ratelimit-remaining-subscription-reads']).toBe('249');
    const answers = await Promise.all(Array.from({ length: 40 }, () => lab.send('GET', web)));
    const refused = answers.filter((each) => each.status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({
      headers: { 'retry-after': '5' },
      responseBody: { error: { code: 'TooManyRequests' } },
    });
    await lab.close();
  });
});

describe('admin switchboard', () => {
  let lab: LabFixture;
  beforeAll(async () => {
    lab = await openLabFixture();
  });
  afterAll(() => lab.close());

  const call = (method: string, path: string, body?: unknown, key = lab.plane.adminKey) =>
    fetch(`${lab.plane.adminOrigin}${path}`, {
      method,
      headers: { [adminKeyHeader]: key },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const fault = async (rule: object): Promise<void> => {
    expect((await call('POST', '/faults', rule)).status).toBe(201);
  };

  it('is closed without its key and refuses nonsense', async () => {
    expect((await call('GET', '/faults', undefined, 'wrong')).status).toBe(401);
    expect((await call('POST', '/faults', { respond: { status: 200, code: 'x' } })).status).toBe(400);
    expect((await call('POST', '/faults', { unknown: 1 })).status).toBe(400);
    expect((await call('DELETE', '/faults/99')).status).toBe(404);
    expect((await call('GET', '/resources')).status).toBe(200);
  });

  it('is not reachable through the public door', async () => {
    const answer = await fetch(`${lab.plane.origin}/faults`, {
      headers: { [adminKeyHeader]: lab.plane.adminKey },
    });
    expect(answer.status).toBe(401);
  });

  it('makes Resource Manager busy, down and silent', async () => {
    const { compute } = lab.clients();
    const path = '*/disks/d';
    await fault({
      path,
      times: 1,
      respond: { status: 429, code: 'TooManyRequests', headers: { 'retry-after': '0' } },
    });
    await expect(compute.disks.get(groupName, 'd')).rejects.toMatchObject({
      statusCode: 429,
      code: 'TooManyRequests',
    });
    await fault({ path, times: 1, drop: 'before' });
    await expect(compute.disks.get(groupName, 'd')).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNRESET|REQUEST_SEND_ERROR/),
    });
    await fault({ path, method: 'PUT', times: 1, drop: 'after' });
    await expect(compute.disks.createOrUpdate(groupName, 'd', empty)).rejects.toThrow();
    await expect
      .poll(async () => (await compute.disks.get(groupName, 'd')).provisioningState)
      .toBe('Succeeded');
    await fault({
      path,
      method: 'DELETE',
      times: 1,
      failOperation: { code: 'InternalExecutionError', message: 'late' },
    });
    await expect(compute.disks.delete(groupName, 'd')).rejects.toThrow(/InternalExecutionError/);
    expect((await compute.disks.get(groupName, 'd')).provisioningState).toBe('Failed');
    await compute.disks.delete(groupName, 'd');
    const { faults } = (await (await call('GET', '/faults')).json()) as { faults: { harmed: number }[] };
    expect(faults.map((each) => each.harmed)).toEqual([1, 1, 1, 1]);
    expect((await call('DELETE', '/faults')).status).toBe(200);
    expect(lab.plane.faults.list()).toEqual([]);
  });

  it('breaks sign-in', async () => {
    await fault({
      service: 'sts',
      path: '*/token',
      times: 1,
      respond: { status: 400, code: 'invalid_grant' },
    });
    const { credential } = lab.clients();
    await expect(credential.getToken('https://management.azure.com/.default')).rejects.toThrow();
    await expect(credential.getToken('https://management.azure.com/.default')).resolves.toBeDefined();
    await call('DELETE', '/faults');
  });

  it('lets a person sign in by device code, and knows who that may be', async () => {
    const form = new URLSearchParams({
      client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
      scope: 'https://management.azure.com/.default',
    });
    const start = await fetch(`${lab.plane.origin}/common/oauth2/v2.0/devicecode`, {
      method: 'POST',
      body: form,
    });
    const { user_code: userCode, device_code: deviceCode } = (await start.json()) as Record<string, string>;
    const { deviceCodes } = (await (await call('GET', '/device-codes')).json()) as {
      deviceCodes: { userCode: string }[];
    };
    expect(deviceCodes.map((each) => each.userCode)).toEqual([userCode]);
    expect(
      (await call('POST', '/device-codes', { userCode, userPrincipalName: 'nobody@contoso.example' })).status,
    ).toBe(404);
    expect(
      (await call('POST', '/device-codes', { userCode, userPrincipalName: 'ada@contoso.example' })).status,
    ).toBe(200);
    const grant = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: form.get('client_id') ?? '',
      device_code: deviceCode ?? '',
    };
    const answer = await fetch(`${lab.plane.origin}/common/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams(grant),
    });
    expect(await answer.json()).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) });
  });

  it('shows what is there', async () => {
    const { resources } = (await (await call('GET', '/resources')).json()) as { resources: { id: string }[] };
    expect(resources.map((each) => each.id)).toContain(
      `${groupId}/providers/Microsoft.Compute/virtualMachines/web`,
    );
  });
});
