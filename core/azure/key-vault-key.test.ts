import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  openVaultFixture,
  type VaultCaller,
  type VaultFixture,
  vaultCallers,
} from '../../lab/keyvault/testing/vault-fixture.ts';
import type { CloudEndpoints } from '../host.ts';
import { type Connection, connectWithSecret, openKeyVaultKey } from './index.ts';

const signal = new AbortController().signal;
const dataKey = randomBytes(32);
let lab: VaultFixture;
let cloud: CloudEndpoints;

beforeAll(async () => {
  lab = await openVaultFixture();
  cloud = {
    name: 'lab',
    authorityHost: lab.control.origin,
    resourceManager: lab.control.origin,
    resourceManagerAudience: 'https://management.azure.com',
    storageAudience: 'https://storage.azure.com',
    keyVault: { audience: 'https://vault.azure.net', hostSuffix: 'localhost' },
  };
});
afterAll(() => lab.close());
beforeEach(() => lab.control.faults.clear());

const connection = (caller: VaultCaller = 'operator', changed: Partial<CloudEndpoints> = {}): Connection =>
  connectWithSecret({ ...cloud, ...changed }, vaultCallers[caller], { retryDelayMs: 10, maxRetries: 3 });

let made = 0;
async function newKey(options: Parameters<ReturnType<VaultFixture['keys']>['createRsaKey']>[1] = {}) {
  made += 1;
  const { name, id = '' } = await lab.keys('admin').createRsaKey(`slot-${made}`, options);
  return { name, id, version: id.split('/').at(-1) ?? '' };
}

test('the newest version closes and is named; after a rotation it still opens', async () => {
  const { name, id } = await newKey();
  const key = await openKeyVaultKey(connection(), `${lab.vault.origin}/keys/${name}`, signal);
  expect(key.keyId).toBe(id);
  const wrapped = await key.wrap(dataKey, signal);
  expect(Buffer.from(wrapped).includes(dataKey)).toBe(false);
  await lab.keys('admin').rotateKey(name);
  const again = await openKeyVaultKey(connection(), id, signal);
  expect(Buffer.from(await again.unwrap(wrapped, signal)).equals(dataKey)).toBe(true);
  const newest = await openKeyVaultKey(connection(), `${lab.vault.origin}/keys/${name}`, signal);
  expect(newest.keyId).not.toBe(id);
  await expect(newest.unwrap(wrapped, signal)).rejects.toMatchObject({ code: 'wrong-password' });
});

describe('refused', () => {
  test('without a role, with the role to ask for and the action that is missing', async () => {
    const { id } = await newKey();
    const key = await openKeyVaultKey(connection('reader'), id, signal);
    await expect(key.wrap(dataKey, signal)).rejects.toMatchObject({
      code: 'permission-denied',
      hint: expect.stringContaining('Key Vault Crypto User'),
      details: { azureCode: 'ForbiddenByRbac', keyId: id },
    });
  });

  test('from another tenant or with a wrong secret', async () => {
    const { id } = await newKey();
    const outsider = await openKeyVaultKey(connection('outsider'), id, signal);
    await expect(outsider.unwrap(dataKey, signal)).rejects.toMatchObject({ code: 'not-signed-in' });
    const wrong = connectWithSecret(cloud, { ...vaultCallers.operator, secret: 'wrong' });
    const key = await openKeyVaultKey(wrong, id, signal);
    await expect(key.unwrap(dataKey, signal)).rejects.toMatchObject({ code: 'sign-in-failed' });
  });

  test('when disabled', async () => {
    const { name, id, version } = await newKey();
    const key = await openKeyVaultKey(connection(), id, signal);
    const wrapped = await key.wrap(dataKey, signal);
    await lab.keys('admin').updateKeyProperties(name, version, { enabled: false });
    await expect(key.unwrap(wrapped, signal)).rejects.toMatchObject({
      code: 'permission-denied',
      message: expect.stringContaining('disabled'),
    });
  });

  test('when expired, to close; to open it still serves', async () => {
    const { id } = await newKey({ expiresOn: new Date(Date.now() + 60_000) });
    const key = await openKeyVaultKey(connection(), id, signal);
    const wrapped = await key.wrap(dataKey, signal);
    lab.passSeconds(120);
    await expect(key.wrap(dataKey, signal)).rejects.toMatchObject({
      message: expect.stringContaining('expired'),
    });
    expect(Buffer.from(await key.unwrap(wrapped, signal)).equals(dataKey)).toBe(true);
    lab.passSeconds(-120);
  });

  test('when deleted, until it is recovered', async () => {
    const { name, id } = await newKey();
    const key = await openKeyVaultKey(connection(), id, signal);
    const wrapped = await key.wrap(dataKey, signal);
    await (await lab.keys('admin').beginDeleteKey(name, { intervalInMs: 1 })).pollUntilDone();
    await expect(key.unwrap(wrapped, signal)).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('recover'),
    });
    await (await lab.keys('admin').beginRecoverDeletedKey(name, { intervalInMs: 1 })).pollUntilDone();
    expect(Buffer.from(await key.unwrap(wrapped, signal)).equals(dataKey)).toBe(true);
  });

  test('to close with a key that could never open again', async () => {
    const { id } = await newKey({ keyOps: ['wrapKey'] });
    const key = await openKeyVaultKey(connection(), id, signal);
    await expect(key.wrap(dataKey, signal)).rejects.toMatchObject({
      code: 'permission-denied',
      details: { azureCode: 'KeyOperationForbidden' },
    });
  });

  test('when the vault does not answer, or the signal says stop', async () => {
    const nowhere = await openKeyVaultKey(
      connection(),
      `https://localhost:1/keys/a/${'0'.repeat(32)}`,
      signal,
    );
    await expect(nowhere.unwrap(dataKey, signal)).rejects.toMatchObject({ code: 'unreachable' });
    const { id } = await newKey();
    const key = await openKeyVaultKey(connection(), id, signal);
    await expect(key.unwrap(dataKey, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});

test('passing trouble is waited out', async () => {
  const { id } = await newKey();
  const key = await openKeyVaultKey(connection(), id, signal);
  const busy = { status: 429, code: 'Throttled' };
  lab.control.faults.add({ service: 'keyvault', times: 2, respond: busy });
  lab.control.faults.add({ service: 'keyvault', times: 1, respond: { status: 503, code: 'InternalError' } });
  expect(await key.wrap(dataKey, signal)).toHaveLength(256);
  lab.control.faults.add({ service: 'keyvault', respond: { ...busy, headers: { 'retry-after': '0' } } });
  await expect(key.wrap(dataKey, signal)).rejects.toMatchObject({ code: 'throttled', retryable: true });
});

describe('ids', () => {
  test.each([
    'https://vault.example/keys/a',
    'https://localhost.evil.example/keys/a',
    'http://localhost/keys/a',
    'https://user:pass@localhost/keys/a',
    'https://localhost/secrets/a',
    'https://localhost/keys/a/short',
    'https://localhost/keys/a?x=1',
    'https://localhost/keys/..%2f/a',
    'nonsense',
  ])('that are no key of this cloud get no request and no token: %s', async (id) => {
    await expect(openKeyVaultKey(connection(), id, signal)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('are not looked at in a cloud without Key Vault', async () => {
    const none = connection('operator', { keyVault: undefined });
    await expect(openKeyVaultKey(none, 'https://localhost/keys/a', signal)).rejects.toMatchObject({
      code: 'not-supported',
    });
  });
});
