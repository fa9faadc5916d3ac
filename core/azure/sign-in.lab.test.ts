import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SecretStore } from '../host.ts';
import { connectUser, connectWithSecret, listSubscriptions, proveSignIn, startDeviceCode } from './index.ts';
import { openSmallLab, type SmallLab, smallEstateNames, smallLabUser } from './testing/small-lab.ts';

const { subscriptionId, tenantId } = smallEstateNames;
const signal = new AbortController().signal;
const admin = { tenantId, clientId: 'bbbbbbbb-0000-4000-8000-000000000001', secret: 'admin-secret' };

let lab: SmallLab;

beforeAll(async () => {
  lab = await openSmallLab();
});
afterAll(async () => {
  await lab.close();
  expect(lab.defects).toEqual([]);
});

describe('sign-in', () => {
  test('a right secret tells who signed in', async () => {
    const identity = await proveSignIn(lab.connection(), signal);
    expect(identity).toMatchObject({ tenantId, homeAccountId: null });
    expect(identity.objectId).not.toBe('');
  });

  test.each([
    ['secret', { secret: 'wrong' }, /secret is wrong/],
    ['application', { clientId: 'dddddddd-0000-4000-8000-000000000009' }, /does not know/],
    ['tenant', { tenantId: '99999999-9999-4999-8999-999999999999' }, /no such tenant/],
  ])('a wrong %s is refused with a hint', async (_what, wrong, message) => {
    const connection = connectWithSecret(lab.cloud, { ...admin, ...wrong });
    const error = await proveSignIn(connection, signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'sign-in-failed', message: expect.stringMatching(message) });
    expect(JSON.stringify(error)).not.toContain('admin-secret');
  });

  test('a host that does not answer is unreachable, not a failed sign-in', async () => {
    const cloud = { ...lab.cloud, authorityHost: 'https://localhost:9' };
    const connection = connectWithSecret(cloud, { tenantId, clientId: tenantId, secret: 'x' });
    await expect(proveSignIn(connection, signal)).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('device code', () => {
  const cacheKey = 'account/robin';
  const values = new Map<string, string>();
  const secrets: SecretStore = {
    get: async (key) => values.get(key) ?? null,
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };

  test('a person signs in once; a restarted core goes on from the secret store', async () => {
    const flow = await startDeviceCode(lab.cloud, { tenantId, cacheKey }, secrets, signal);
    expect(flow.userCode).toMatch(/^[A-Z0-9]{9}$/);
    expect(flow.expiresAt).toBeGreaterThan(Date.now());
    lab.control.pending.settleDevice(flow.userCode, smallLabUser);
    const identity = await flow.result;
    expect(identity).toMatchObject({ tenantId, principal: 'robin@contoso.example' });
    expect([...values.keys()]).toEqual([cacheKey]);
    const signIn = { tenantId, cacheKey, homeAccountId: identity.homeAccountId ?? '' };
    const connection = connectUser(lab.cloud, signIn, secrets);
    expect(await listSubscriptions(connection, signal)).toMatchObject([{ id: subscriptionId }]);
    expect(await proveSignIn(connection, signal)).toMatchObject({ objectId: smallLabUser.objectId });
  });

  test('a user whose cache is gone must sign in again', async () => {
    const signIn = { tenantId, cacheKey: 'account/nobody', homeAccountId: 'x.y' };
    const connection = connectUser(lab.cloud, signIn, secrets);
    await expect(listSubscriptions(connection, signal)).rejects.toMatchObject({ code: 'not-signed-in' });
  });

  test('a refusal and a cancellation end the flow', async () => {
    const refused = await startDeviceCode(lab.cloud, { tenantId, cacheKey: 'a' }, secrets, signal);
    lab.control.pending.settleDevice(refused.userCode, 'declined');
    await expect(refused.result).rejects.toMatchObject({ code: 'sign-in-failed' });
    const stop = new AbortController();
    const cancelled = await startDeviceCode(lab.cloud, { tenantId, cacheKey: 'b' }, secrets, stop.signal);
    stop.abort();
    await expect(cancelled.result).rejects.toMatchObject({ code: 'cancelled' });
    expect(values.has('b')).toBe(false);
  });
});
