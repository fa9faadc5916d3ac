import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import { PublicClientApplication } from '@azure/msal-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFaultBook } from '../faults/index.ts';
import { type FrontDoor, openFrontDoor } from '../front/index.ts';
import type { AccessControl, PrincipalSeed } from '../ports.ts';
import { createLabAuthority } from '../tls/index.ts';
import {
  createAccessControl,
  createDirectory,
  createPendingGrants,
  createSts,
  openInstanceMetadata,
  openSigningKey,
  type PendingGrants,
  roleDefinitions,
} from './index.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
const otherTenantId = '22222222-2222-4222-8222-222222222222';
const clientId = '33333333-3333-4333-8333-333333333333';
const appId = '44444444-4444-4444-8444-444444444444';
const user: PrincipalSeed = {
  objectId: '55555555-5555-4555-8555-555555555555',
  tenantId,
  kind: 'User',
  displayName: 'Ada Admin',
  userPrincipalName: 'ada@contoso.example',
  password: 'correct horse',
};
const scopes = ['https://management.azure.com/.default'];

const directory = mkdtempSync(join(tmpdir(), 'cairn-sts-'));
const certificatePath = join(directory, 'client.pem');
let offset = 0;
const now = (): number => Date.now() + offset;
let door: FrontDoor;
let access: AccessControl;
let pending: PendingGrants;
let metadata: FrontDoor;
const authority = createLabAuthority(new Date());

beforeAll(async () => {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificatePem]);
  const key = join(directory, 'client.key');
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      certificatePath,
      '-days',
      '2',
      '-subj',
      '/CN=test',
    ],
    { stdio: 'ignore' },
  );
  const certificate = readFileSync(certificatePath, 'utf8');
  execFileSync('sh', ['-c', `cat ${key} >> ${certificatePath}`]);
  const application: PrincipalSeed = {
    objectId: '66666666-6666-4666-8666-666666666666',
    tenantId,
    kind: 'ServicePrincipal',
    displayName: 'cairn',
    clientId: appId,
    secrets: [{ value: 'right' }, { value: 'old', expiresOn: '2020-01-01T00:00:00Z' }],
    certificates: [certificate],
  };
  const people = createDirectory({
    tenants: [
      { tenantId, displayName: 'Contoso', defaultDomain: 'contoso.example' },
      { tenantId: otherTenantId, displayName: 'Fabrikam', defaultDomain: 'fabrikam.example' },
    ],
    principals: [application, user],
    publicClients: [{ clientId, displayName: 'Cairn', redirectUris: ['http://localhost'] }],
  });
  const signingKey = openSigningKey();
  pending = createPendingGrants(now);
  const issuer = { signingKey, now, accessTokenSeconds: 3600 };
  const service = createSts({ ...issuer, directory: people, pending, devicePollSeconds: 1 });
  const onDefect = (error: unknown): void => {
    throw error;
  };
  door = await openFrontDoor({
    host: '127.0.0.1',
    port: 0,
    tls: authority.issue(['localhost'], new Date()),
    service,
    onDefect,
  });
  metadata = await openInstanceMetadata({
    issuer,
    faults: createFaultBook(),
    identities: () => [application],
    compute: () => ({ name: 'vm' }),
    onDefect,
  });
  access = createAccessControl({
    directory: people,
    signingKey,
    now,
    roles: {
      definitions: roleDefinitions([]),
      assignments: () => [
        {
          id: '1',
          principalId: application.objectId,
          roleName: 'Reader',
          scope: '/subscriptions/s/resourceGroups/g',
        },
      ],
    },
  });
});
afterAll(async () => {
  await door.close();
  await metadata.close();
  rmSync(directory, { recursive: true });
});

const options = () => ({
  authorityHost: door.origin,
  disableInstanceDiscovery: true,
  retryOptions: { maxRetries: 0 },
});
const publicClient = (tenant = tenantId) =>
  new PublicClientApplication({
    auth: { clientId, authority: `${door.origin}/${tenant}`, knownAuthorities: [new URL(door.origin).host] },
  });

describe('service principals', () => {
  it('get a v1 token that Resource Manager accepts and storage does not', async () => {
    const { token } = await new ClientSecretCredential(tenantId, appId, 'right', options()).getToken(scopes);
    expect(access.verify(`Bearer ${token}`, 'arm')).toMatchObject({
      ok: true,
      caller: { clientId: appId, tenantId },
    });
    expect(access.verify(`Bearer ${token}`, 'storage')).toMatchObject({ ok: false, reason: 'audience' });
  });

  it('may use the tenant by its domain, and a certificate', async () => {
    const credential = new ClientCertificateCredential('contoso.example', appId, certificatePath, options());
    const { token } = await credential.getToken(['https://storage.azure.com/.default']);
    expect(access.verify(`Bearer ${token}`, 'storage').ok).toBe(true);
  });

  it('cannot use a certificate that has expired', async () => {
    offset = 3 * 86_400_000;
    const credential = new ClientCertificateCredential(tenantId, appId, certificatePath, options());
    await expect(credential.getToken(scopes)).rejects.toThrow(/AADSTS700027.*expired/);
    offset = 0;
  });

  it.each([
    ['wrong secret', tenantId, appId, 'wrong', /AADSTS7000215/],
    ['expired secret', tenantId, appId, 'old', /AADSTS7000222/],
    ['unknown client', tenantId, clientId, 'right', /AADSTS700016/],
    ['client of another tenant', otherTenantId, appId, 'right', /AADSTS700016/],
  ])('are refused with a %s', async (_name, tenant, client, secret, expected) => {
    await expect(
      new ClientSecretCredential(tenant, client, secret, options()).getToken(scopes),
    ).rejects.toThrow(expected);
  });

  it('are refused in an unknown tenant and for an unknown resource', async () => {
    const unknown = await fetch(`${door.origin}/nowhere.example/v2.0/.well-known/openid-configuration`);
    expect(await unknown.json()).toMatchObject({ error: 'invalid_request', error_codes: [90002] });
    const credential = new ClientSecretCredential(tenantId, appId, 'right', options());
    await expect(credential.getToken(['https://example.com/.default'])).rejects.toThrow(/AADSTS500011/);
  });
});

describe('people', () => {
  it('sign in by device code, approved on the page', async () => {
    const application = publicClient();
    const result = await application.acquireTokenByDeviceCode({
      scopes,
      deviceCodeCallback: ({ userCode, verificationUri }) => {
        const form = (passwd: string) =>
          fetch(verificationUri, {
            method: 'POST',
            body: new URLSearchParams({
              otc: userCode,
              login: 'ada@contoso.example',
              passwd,
              decision: 'approve',
            }),
          });
        void form('wrong')
          .then(async (page) => {
            expect(await page.text()).toContain('AADSTS50126');
            return form('correct horse');
          })
          .then(async (page) => expect(await page.text()).toContain('You have signed in'));
      },
    });
    expect(result?.account?.username).toBe('ada@contoso.example');
    expect(access.verify(`Bearer ${result?.accessToken}`, 'arm')).toMatchObject({
      ok: true,
      caller: { name: 'ada@contoso.example' },
    });
    if (!result?.account) throw new Error('no account');
    const silent = await application.acquireTokenSilent({
      account: result.account,
      scopes: ['https://storage.azure.com/user_impersonation'],
    });
    expect(access.verify(`Bearer ${silent.accessToken}`, 'storage').ok).toBe(true);
  });

  it('may decline a device code', async () => {
    const declined = publicClient().acquireTokenByDeviceCode({
      scopes,
      deviceCodeCallback: ({ userCode }) => expect(pending.settleDevice(userCode, 'declined')).toBeDefined(),
    });
    await expect(declined).rejects.toThrow(/authorization_declined|declined/);
  });

  it('sign in interactively with a code sent by form post', async () => {
    const result = await publicClient('common').acquireTokenInteractive({
      scopes,
      openBrowser: async (url) => {
        const page = await fetch(url, {
          method: 'POST',
          body: new URLSearchParams({ login: 'ada@contoso.example', passwd: 'correct horse' }),
        });
        const text = await page.text();
        const unescaped = (value: string): string =>
          value.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
        const action = unescaped(/action="([^"]+)"/.exec(text)?.[1] ?? '');
        const fields: [string, string][] = [...text.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(
          ([, name = '', value = '']) => [name, unescaped(value)],
        );
        await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
      },
    });
    expect(result.tenantId).toBe(tenantId);
  });

  it('cannot redeem a code with another verifier', async () => {
    const application = publicClient();
    const redirectUri = 'http://localhost:1';
    const url = await application.getAuthCodeUrl({
      scopes,
      redirectUri,
      codeChallenge: 'x'.repeat(43),
      codeChallengeMethod: 'S256',
      responseMode: 'query',
    });
    const page = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ login: 'ada@contoso.example', passwd: 'correct horse' }),
    });
    const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
    await expect(
      application.acquireTokenByCode({ scopes, redirectUri, code, codeVerifier: 'y'.repeat(43) }),
    ).rejects.toThrow(/AADSTS501481/);
  });
});

describe('managed identity', () => {
  it('is served per VM', async () => {
    process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = metadata.origin;
    const { token } = await new ManagedIdentityCredential().getToken('https://storage.azure.com/.default');
    expect(access.verify(`Bearer ${token}`, 'storage')).toMatchObject({
      ok: true,
      caller: { clientId: appId },
    });
    const bare = await fetch(`${metadata.origin}/metadata/instance?api-version=2021-02-01`);
    expect(bare.status).toBe(400);
  });
});

describe('tokens and roles', () => {
  it('end, and cannot be forged', async () => {
    const { token } = await new ClientSecretCredential(tenantId, appId, 'right', options()).getToken(scopes);
    const [head, body, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, oid: user.objectId })).toString('base64url');
    expect(access.verify(`Bearer ${head}.${forged}.${signature}`, 'arm')).toMatchObject({
      reason: 'signature',
    });
    expect(access.verify(undefined, 'arm')).toMatchObject({ reason: 'missing' });
    expect(access.verify('Bearer junk', 'arm')).toMatchObject({ reason: 'malformed' });
    offset = 3601_000;
    expect(access.verify(`Bearer ${token}`, 'arm')).toMatchObject({ reason: 'expired' });
    offset = 0;
  });

  it('allow what an assignment above the scope allows, and nothing else', async () => {
    const { token } = await new ClientSecretCredential(tenantId, appId, 'right', options()).getToken(scopes);
    const check = access.verify(`Bearer ${token}`, 'arm');
    if (!check.ok) throw new Error(check.message);
    const may = (action: string, scope: string): boolean =>
      access.isAllowed(check.caller, { action, scope, kind: 'action' });
    expect(may('Microsoft.Compute/disks/read', '/subscriptions/S/resourcegroups/G/providers/x')).toBe(true);
    expect(may('Microsoft.Compute/disks/write', '/subscriptions/s/resourceGroups/g')).toBe(false);
    expect(may('Microsoft.Compute/disks/read', '/subscriptions/s/resourceGroups/g2')).toBe(false);
  });
});
