import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabFixture, openLabFixture } from './testing/lab-fixture.ts';
import {
  type callers,
  groupId,
  groupName,
  location,
  otherTenantId,
  subscriptionId,
} from './testing/small-estate.ts';

let lab: LabFixture;
let offset = 0;
beforeAll(async () => {
  lab = await openLabFixture({
    now: () => Date.now() + offset,
    timing: { operationMs: 5, operationMsOf: { 'disks/write': 300 }, retryAfterMs: 2000 },
  });
});
afterAll(() => lab.close());

let admin = '';
beforeAll(async () => {
  admin = await token();
});

async function token(
  caller: keyof typeof callers = 'admin',
  scope = 'https://management.azure.com/.default',
) {
  return (await lab.clients(caller).credential.getToken(scope)).token;
}

async function send(
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; bearer?: string } = {},
) {
  const { body, headers, bearer = admin } = options;
  const response = await fetch(`${lab.plane.origin}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: parsed };
}

const disks = `${groupId}/providers/Microsoft.Compute/disks`;
const version = 'api-version=2026-03-02';
const empty = { location, properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 1 } };
const error = (code: string) => ({ error: { code, message: expect.any(String) } });

describe('long-running operations', () => {
  it('dance with the real headers', async () => {
    const put = await send('PUT', `${disks}/dance?${version}`, { body: empty });
    expect(put.status).toBe(202);
    expect(put.body).toMatchObject({ name: 'dance', properties: { provisioningState: 'Updating' } });
    expect(put.headers.get('retry-after')).toBe('2');
    const status = put.headers.get('azure-asyncoperation') ?? '';
    const result = put.headers.get('location') ?? '';
    expect(status).toMatch(
      /\/providers\/Microsoft\.Compute\/locations\/westeurope\/DiskOperations\/[0-9a-f-]+\?api-version=/,
    );
    const path = (url: string): string => url.slice(lab.plane.origin.length);
    expect((await send('GET', path(status))).body).toMatchObject({ status: 'InProgress' });
    expect((await send('GET', path(result))).status).toBe(202);
    expect(await send('PUT', `${disks}/dance?${version}`, { body: empty })).toMatchObject({
      status: 409,
      body: error('Conflict'),
    });
    await expect
      .poll(async () => (await send('GET', path(status))).body)
      .toMatchObject({ status: 'Succeeded', endTime: expect.any(String) });
    expect(await send('GET', path(result))).toMatchObject({ status: 200, body: { name: 'dance' } });
    const gone = await send('DELETE', `${disks}/dance?${version}`);
    expect(gone.status).toBe(202);
    await expect.poll(async () => (await send('GET', `${disks}/dance?${version}`)).status).toBe(404);
    expect((await send('DELETE', `${disks}/dance?${version}`)).status).toBe(204);
  });
});

describe('requests', () => {
  it('need a token, for the right service, of the right tenant, still valid', async () => {
    const path = `${disks}?${version}`;
    const bare = await fetch(`${lab.plane.origin}${path}`);
    expect(bare.status).toBe(401);
    expect(bare.headers.get('www-authenticate')).toContain('authorization_uri=');
    expect(await bare.json()).toMatchObject(error('AuthenticationFailed'));
    const storage = await token('admin', 'https://storage.azure.com/.default');
    expect(await send('GET', path, { bearer: storage })).toMatchObject({
      status: 401,
      body: error('InvalidAuthenticationTokenAudience'),
    });
    expect(await send('GET', path, { bearer: await token('outsider') })).toMatchObject({
      status: 401,
      body: {
        error: { code: 'InvalidAuthenticationTokenTenant', message: expect.stringContaining(otherTenantId) },
      },
    });
    const old = await token();
    offset = 7_200_000;
    expect(await send('GET', path, { bearer: old })).toMatchObject({
      status: 401,
      body: error('ExpiredAuthenticationToken'),
    });
    offset = 0;
  });

  it.each([
    ['GET', `${disks}`, 400, 'MissingApiVersionParameter'],
    ['GET', `${disks}?api-version=2019-01-01`, 400, 'NoRegisteredProviderFound'],
    [
      'GET',
      `/subscriptions/${subscriptionId}/resourceGroups?api-version=1999-01-01`,
      400,
      'InvalidApiVersionParameter',
    ],
    ['GET', `${groupId}/providers/Microsoft.Compute/toasters?${version}`, 404, 'InvalidResourceType'],
    ['PATCH', `${disks}?${version}`, 405, 'HttpMethodNotAllowed'],
    ['GET', `${disks}/none?${version}`, 404, 'ResourceNotFound'],
    ['GET', `${disks.replace(groupName, 'nowhere')}/d?${version}`, 404, 'ResourceGroupNotFound'],
    [
      'GET',
      `/subscriptions/aaaaaaaa-0000-4000-8000-00000000000f/resourceGroups?api-version=2025-04-01`,
      404,
      'SubscriptionNotFound',
    ],
  ])('%s %s is refused with %d %s', async (method, path, status, code) => {
    expect(await send(method, path)).toMatchObject({ status, body: error(code) });
  });

  it.each([
    ['no JSON', '{', 'InvalidRequestContent'],
    ['no location', { properties: empty.properties }, 'LocationRequired'],
    ['an unknown region', { ...empty, location: 'mars' }, 'LocationNotAvailableForResourceType'],
    ['an unknown member', { ...empty, properties: { ...empty.properties, size: 3 } }, 'BadRequest'],
    ['a number as text', { ...empty, properties: { ...empty.properties, diskSizeGB: '3' } }, 'BadRequest'],
    [
      'an unknown value',
      { ...empty, properties: { ...empty.properties, networkAccessPolicy: 'Some' } },
      'InvalidParameter',
    ],
    ['no creation data', { location, properties: { diskSizeGB: 3 } }, 'InvalidParameter'],
    ['an unknown zone', { ...empty, zones: ['7'] }, 'InvalidAvailabilityZone'],
    [
      '51 tags',
      { ...empty, tags: Object.fromEntries(Array.from({ length: 51 }, (_each, index) => [`t${index}`, ''])) },
      'TooManyTags',
    ],
    ['a long tag value', { ...empty, tags: { a: 'x'.repeat(257) } }, 'InvalidTagValue'],
  ])('with %s are refused', async (_what, body, code) => {
    expect(await send('PUT', `${disks}/bad?${version}`, { body })).toMatchObject({
      status: 400,
      body: error(code),
    });
  });

  it('with a bad name are refused', async () => {
    expect(await send('PUT', `${disks}/bad%20name?${version}`, { body: empty })).toMatchObject({
      status: 400,
      body: error('InvalidResourceName'),
    });
  });

  it('keep to the conditions of their headers', async () => {
    const path = `${groupId}/providers/Microsoft.Network/publicIPAddresses/ip?api-version=2026-01-01`;
    const body = { location, sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } };
    expect(await send('PUT', path, { body, headers: { 'if-match': '*' } })).toMatchObject({
      status: 412,
      body: error('PreconditionFailed'),
    });
    expect((await send('PUT', path, { body, headers: { 'if-none-match': '*' } })).status).toBe(201);
    await expect
      .poll(async () => (await send('GET', path)).body)
      .toMatchObject({ properties: { provisioningState: 'Succeeded' } });
    expect(await send('PUT', path, { body, headers: { 'if-none-match': '*' } })).toMatchObject({
      status: 412,
    });
    const { etag } = (await send('GET', path)).body as { etag: string };
    expect((await send('PUT', path, { body, headers: { 'if-match': etag } })).status).toBe(200);
  });

  it('for many things come page by page', async () => {
    const network = lab.clients().network.networkSecurityGroups;
    const names = Array.from({ length: 55 }, (_each, index) => `g${index}`);
    await Promise.all(
      names.map((name) =>
        send(
          'PUT',
          `${groupId}/providers/Microsoft.Network/networkSecurityGroups/${name}?api-version=2026-01-01`,
          { body: { location } },
        ),
      ),
    );
    const pages = [];
    for await (const page of network.list(groupName).byPage()) pages.push(page.length);
    expect(pages).toEqual([50, 5]);
  });
});
