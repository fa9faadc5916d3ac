import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFaultBook } from '../../lab/faults/index.ts';
import type { FrontDoor } from '../../lab/front/index.ts';
import type { PrincipalSeed } from '../../lab/ports.ts';
import { openInstanceMetadata, openSigningKey } from '../../lab/sts/index.ts';
import type { CloudEndpoints } from '../host.ts';
import { connectByLogin, type Login, type LoginKind } from './index.ts';
import { readClaims } from './prove-sign-in.ts';

const signal = new AbortController().signal;
const cloud: CloudEndpoints = {
  name: 'nowhere',
  authorityHost: 'https://localhost:1',
  resourceManager: 'https://localhost:1',
  resourceManagerAudience: 'https://management.azure.com',
  storageAudience: 'https://storage.azure.com',
};

function login(kind: LoginKind, environment: Login['environment'] = {}): Login {
  const readFile = (path: string) => Promise.reject(new Error(`there is no ${path}`));
  return { kind, environment, readFile, show: () => undefined };
}

describe('by the environment', () => {
  const whole = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' };

  test.each(['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET'])(
    '%s is needed',
    async (missing) => {
      const environment = { ...whole, [missing]: undefined };
      await expect(connectByLogin(cloud, login('environment', environment), signal)).rejects.toMatchObject({
        code: 'invalid-input',
        message: expect.stringContaining(missing),
      });
    },
  );

  test('the tenant that is asked for counts before the one of the environment', async () => {
    const connection = await connectByLogin(
      cloud,
      { ...login('environment', whole), tenantId: 'other' },
      signal,
    );
    expect(connection.tenantId).toBe('other');
  });

  test('a certificate is read from its file', async () => {
    const environment = { ...whole, AZURE_CLIENT_SECRET: undefined, AZURE_CLIENT_CERTIFICATE_PATH: '/x.pem' };
    await expect(connectByLogin(cloud, login('environment', environment), signal)).rejects.toThrow('/x.pem');
  });
});

describe('by a managed identity', () => {
  const identity: PrincipalSeed = {
    objectId: '66666666-6666-4666-8666-666666666666',
    tenantId: '11111111-1111-4111-8111-111111111111',
    kind: 'ServicePrincipal',
    displayName: 'a machine',
    clientId: '33333333-3333-4333-8333-333333333333',
  };
  const faults = createFaultBook();
  let metadata: FrontDoor;

  beforeAll(async () => {
    metadata = await openInstanceMetadata({
      issuer: { signingKey: openSigningKey(), now: Date.now, accessTokenSeconds: 3600 },
      faults,
      identities: () => [identity],
      compute: () => ({}),
      onDefect: (error) => {
        throw error;
      },
    });
    process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = metadata.origin;
  });
  afterAll(async () => {
    delete process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'];
    await metadata.close();
  });

  test('the machine gives a token for what it is asked for', async () => {
    const { credential } = await connectByLogin(cloud, login('managed-identity'), signal);
    const token = await credential.getToken('https://vault.azure.net/.default');
    expect(readClaims(token?.token ?? '')).toMatchObject({
      oid: identity.objectId,
      aud: 'https://vault.azure.net',
    });
  });

  test('a machine without an identity says so', async () => {
    const respond = { status: 400, code: 'invalid_request', message: 'Identity not found' };
    faults.add({ service: 'imds', respond });
    const environment = { AZURE_CLIENT_ID: '44444444-4444-4444-8444-444444444444' };
    const { credential } = await connectByLogin(cloud, login('managed-identity', environment), signal);
    await expect(credential.getToken('https://vault.azure.net/.default')).rejects.toMatchObject({
      code: 'sign-in-failed',
      hint: expect.stringContaining('virtual machine'),
    });
  });
});
