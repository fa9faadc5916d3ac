import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openVaultFixture, type VaultCaller, type VaultFixture } from './testing/vault-fixture.ts';

const algorithm = 'RSA-OAEP-256';
let folder: string;
let fixture: VaultFixture;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-vault-'));
  fixture = await openVaultFixture(join(folder, 'keys.json'));
});
afterAll(async () => {
  await fixture.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => fixture.control.faults.clear());

let made = 0;
async function newKey(options: Parameters<ReturnType<VaultFixture['keys']>['createRsaKey']>[1] = {}) {
  made += 1;
  const key = await fixture.keys('admin').createRsaKey(`key-${made}`, options);
  return { name: key.name, id: key.id ?? '', key };
}

/** A request as no SDK would send it. */
async function raw(
  path: string,
  options: { caller?: VaultCaller; scope?: string; body?: unknown; type?: string } = {},
) {
  const { caller, scope = 'https://vault.azure.net/.default', body, type = 'application/json' } = options;
  const token = caller === undefined ? undefined : (await fixture.credential(caller).getToken(scope)).token;
  const response = await fetch(`${fixture.vault.origin}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': type, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { error } = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, error, challenge: response.headers.get('www-authenticate') };
}

describe('keys', () => {
  it.each([2048, 3072, 4096])('wrap and unwrap with %i bits', { timeout: 60_000 }, async (keySize) => {
    const { id, key } = await newKey({ keySize });
    expect(key).toMatchObject({ keyType: 'RSA', properties: { enabled: true } });
    expect(key.key?.n?.length).toBe(keySize / 8);
    const secret = randomBytes(32);
    const client = fixture.cryptography(id, 'operator');
    const { result, keyID } = await client.wrapKey(algorithm, secret);
    expect(keyID).toBe(id);
    expect(result.length).toBe(keySize / 8);
    expect(Buffer.from((await client.unwrapKey(algorithm, result)).result).equals(secret)).toBe(true);
  });

  it('keep their old versions after a rotation, and show the newest without a version', async () => {
    const { id, name } = await newKey();
    const secret = randomBytes(32);
    const { result } = await fixture.cryptography(id, 'operator').wrapKey(algorithm, secret);
    const rotated = await fixture.keys('admin').rotateKey(name);
    expect(rotated.id).not.toBe(id);
    expect((await fixture.keys('operator').getKey(name)).id).toBe(rotated.id);
    const versions: string[] = [];
    for await (const each of fixture.keys('operator').listPropertiesOfKeyVersions(name))
      versions.push(each.version ?? '');
    expect(versions).toHaveLength(2);
    const opened = await fixture.cryptography(id, 'operator').unwrapKey(algorithm, result);
    expect(Buffer.from(opened.result).equals(secret)).toBe(true);
    await expect(
      fixture.cryptography(rotated.id ?? '', 'operator').unwrapKey(algorithm, result),
    ).rejects.toMatchObject({ statusCode: 400, code: 'BadParameter' });
  });

  it('of the seed are there once', async () => {
    const names: string[] = [];
    for await (const { name } of fixture.keys('operator').listPropertiesOfKeys()) names.push(name);
    expect(names.filter((name) => name === 'seeded')).toHaveLength(1);
  });

  it('survive a restart in a file that others cannot read', async () => {
    const { name, id } = await newKey();
    expect((await stat(join(folder, 'keys.json'))).mode & 0o077).toBe(0);
    const again = await openVaultFixture(join(folder, 'keys.json'));
    const kept = await again.keys('operator').getKey(name);
    expect(kept.properties.version).toBe(id.split('/').at(-1));
    await again.close();
  });
});

describe('a key that may not be used', () => {
  const use = (id: string, operation: 'wrapkey' | 'unwrapkey') =>
    raw(`${new URL(id).pathname}/${operation}?api-version=7.4`, {
      caller: 'operator',
      body: { alg: algorithm, value: randomBytes(32).toString('base64url') },
    });

  it('is refused when disabled, to wrap and to unwrap', async () => {
    const { name, id } = await newKey();
    await fixture.keys('admin').updateKeyProperties(name, id.split('/').at(-1) ?? '', { enabled: false });
    for (const operation of ['wrapkey', 'unwrapkey'] as const)
      expect(await use(id, operation)).toMatchObject({
        status: 403,
        error: { code: 'Forbidden', innererror: { code: 'KeyDisabled' } },
      });
  });

  it('wraps only within its validity, but unwraps at any time', async () => {
    const now = Date.now();
    const { id } = await newKey({ expiresOn: new Date(now + 3600_000) });
    const later = await newKey({ notBefore: new Date(now + 7200_000), expiresOn: new Date(now + 9e6) });
    const { result } = await fixture.cryptography(id, 'operator').wrapKey(algorithm, randomBytes(32));
    expect((await use(later.id, 'wrapkey')).error).toMatchObject({ innererror: { code: 'KeyNotYetValid' } });
    fixture.passSeconds(4000);
    expect((await use(id, 'wrapkey')).error).toMatchObject({ innererror: { code: 'KeyExpired' } });
    const opened = await raw(`${new URL(id).pathname}/unwrapkey?api-version=7.4`, {
      caller: 'operator',
      body: { alg: algorithm, value: Buffer.from(result).toString('base64url') },
    });
    expect(opened.status).toBe(200);
    fixture.passSeconds(-4000);
  });

  it('is refused for an operation that it is not meant for', async () => {
    const { id } = await newKey({ keyOps: ['wrapKey'] });
    expect((await use(id, 'wrapkey')).status).toBe(200);
    expect(await use(id, 'unwrapkey')).toMatchObject({
      status: 403,
      error: { innererror: { code: 'KeyOperationForbidden' } },
    });
  });

  it('is gone when deleted, its name stays taken, and it comes back with its versions', async () => {
    const { name, id } = await newKey();
    const admin = fixture.keys('admin');
    const poller = await admin.beginDeleteKey(name, { intervalInMs: 1 });
    expect((await poller.pollUntilDone()).properties.recoveryId).toContain(`/deletedkeys/${name}`);
    expect((await use(id, 'unwrapkey')).error?.code).toBe('KeyNotFound');
    await expect(admin.createRsaKey(name)).rejects.toMatchObject({ statusCode: 409, code: 'Conflict' });
    await (await admin.beginRecoverDeletedKey(name, { intervalInMs: 1 })).pollUntilDone();
    expect((await use(id, 'wrapkey')).status).toBe(200);
    await (await admin.beginDeleteKey(name, { intervalInMs: 1 })).pollUntilDone();
    await expect(fixture.keys('operator').purgeDeletedKey(name)).rejects.toMatchObject({ statusCode: 403 });
    await admin.purgeDeletedKey(name);
    await admin.createRsaKey(name);
    expect((await use(id, 'unwrapkey')).error?.code).toBe('KeyNotFound');
  });
});

describe('callers', () => {
  it('without a token are told where to get one', async () => {
    const { status, error, challenge } = await raw('/keys?api-version=7.4');
    expect([status, error?.code]).toEqual([401, 'Unauthorized']);
    expect(challenge).toBe(
      `Bearer authorization="${fixture.control.origin}/11111111-1111-4111-8111-111111111111", resource="https://vault.azure.net"`,
    );
  });

  it('with a token for another service or of another tenant are unknown', async () => {
    const scope = 'https://management.azure.com/.default';
    const wrongAudience = await raw('/keys?api-version=7.4', { caller: 'admin', scope });
    expect(wrongAudience).toMatchObject({
      status: 401,
      error: { message: expect.stringContaining('AKV10022') },
    });
    const outsider = await raw('/keys?api-version=7.4', { caller: 'outsider' });
    expect(outsider).toMatchObject({ status: 401, error: { message: expect.stringContaining('AKV10032') } });
  });

  it('do only what their role on the vault allows; managing it is not using it', async () => {
    const { id, name } = await newKey();
    await expect(fixture.keys('operator').createRsaKey('mine')).rejects.toMatchObject({ statusCode: 403 });
    await expect(fixture.keys('operator').rotateKey(name)).rejects.toMatchObject({ statusCode: 403 });
    const reader = fixture.cryptography(id, 'reader').wrapKey(algorithm, randomBytes(32));
    await expect(reader).rejects.toMatchObject({ statusCode: 403, code: 'Forbidden' });
    const { error } = await raw(`/keys/${name}?api-version=7.4`, { caller: 'reader' });
    expect(error).toMatchObject({
      message: expect.stringContaining("Action: 'Microsoft.KeyVault/vaults/keys/read'"),
      innererror: { code: 'ForbiddenByRbac' },
    });
  });
});

describe('bad requests', () => {
  it('are refused where Azure refuses them, and where it would let a mistake pass', async () => {
    const { name } = await newKey();
    const path = `/keys/${name}/wrapkey`;
    const body = { alg: algorithm, value: 'AAAA' };
    const caller = 'operator';
    expect((await raw(path, { caller, body })).error?.message).toContain('version');
    expect((await raw(`${path}?api-version=1.0`, { caller, body })).status).toBe(400);
    expect((await raw(`${path}?api-version=7.4`, { caller, body, type: 'text/plain' })).status).toBe(415);
    for (const wrong of [{ ...body, alg: 'RSA1_5' }, { ...body, value: 'a+b/' }, { ...body, iv: 'AAAA' }, 7])
      expect(await raw(`${path}?api-version=7.4`, { caller, body: wrong })).toMatchObject({
        status: 400,
        error: { code: 'BadParameter' },
      });
    expect((await raw(`/keys/${name}/explode?api-version=7.4`, { caller, body })).status).toBe(400);
    expect((await raw('/secrets/x?api-version=7.4', { caller })).status).toBe(400);
    expect((await raw('/keys/none?api-version=7.4', { caller })).error?.code).toBe('KeyNotFound');
  });
});

describe('bad days', () => {
  it('are answered in Key Vault’s shape', async () => {
    const { name } = await newKey();
    fixture.control.faults.add({
      service: 'keyvault',
      respond: { status: 429, code: 'Throttled', headers: { 'retry-after': '1' } },
    });
    await expect(fixture.keys('operator').getKey(name)).rejects.toMatchObject({
      statusCode: 429,
      code: 'Throttled',
    });
  });
});
