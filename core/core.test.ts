import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Core,
  type CoreEvent,
  createCore,
  type ProcedureName,
  procedures,
  type Reply,
} from './index.ts';
import { memorySecrets, temporaryDirectory, testHost } from './testing/index.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let core: Core;
const secrets = memorySecrets();

beforeEach(() => {
  directory = temporaryDirectory();
  core = open();
});
afterEach(async () => {
  await core.close();
  directory.remove();
});

function open(): Core {
  const host = testHost({ dataDirectory: directory.path, secrets });
  return createCore(host, { stepPauses: [], connection: { maxRetries: 0 } });
}

function errorOf(reply: Reply) {
  if (reply.ok) throw new Error('the call succeeded');
  return reply.error;
}

const emptyCalls: ReadonlyArray<readonly [ProcedureName, unknown]> = [
  ['overview.get', {}],
  ['app.info', {}],
  ['account.list', {}],
  ['vm.list', {}],
  ['repository.list', {}],
  ['repository.storageAccounts', {}],
  ['point.list', {}],
  ['session.list', {}],
  ['session.log', { sessionId: 'none' }],
  ['files.opened', {}],
  ['files.taken', {}],
  ['files.takenFiles', { takenId: 'none' }],
  ['download.list', {}],
];

describe('the door', () => {
  it.each(emptyCalls)('%s answers in the shape of the contract', async (name, input) => {
    const reply = await core.dispatch(name, input);
    expect(reply.ok).toBe(true);
    if (reply.ok) procedures[name].output.parse(reply.value);
  });

  it('names the field of bad input', async () => {
    const reply = await core.dispatch('session.list', { limit: 0 });
    expect(errorOf(reply)).toMatchObject({ code: 'invalid-input', details: { field: 'limit' } });
    const nested = await core.dispatch('account.addServicePrincipal', {
      name: 'a',
      tenantId: 'contoso.com',
      clientId: '0c7a6f2e-58e5-4a0a-9a11-111111111111',
      credential: { kind: 'secret', secret: '' },
    });
    expect(errorOf(nested).details['field']).toBe('credential.secret');
  });

  it('refuses procedures that do not exist, also inherited names', async () => {
    for (const name of ['nope', 'toString', '__proto__'])
      expect(errorOf(await core.dispatch(name, {})).code).toBe('invalid-input');
  });

  it.each([
    ['session.get', { sessionId: 'x' }],
    ['session.cancel', { sessionId: 'x' }],
    ['point.get', { pointId: 'x' }],
    ['repository.get', { repositoryId: 'x' }],
    ['repository.remove', { repositoryId: 'x' }],
    ['account.remove', { accountId: 'x' }],
    ['account.deviceCodeState', { flowId: 'x' }],
    ['vm.get', { resourceId: '/subscriptions/x/y' }],
    ['backup.start', { resourceId: '/subscriptions/x/y', repositoryId: 'x' }],
    ['restore.places', { pointId: 'x' }],
    ['files.open', { pointId: 'x' }],
    ['files.get', { sessionId: 'x' }],
    ['files.close', { sessionId: 'x' }],
    ['files.list', { sessionId: 'x', volumeId: 'v', path: '/' }],
    ['files.comparison', { comparisonId: 'x' }],
    ['download.get', { downloadId: 'x' }],
    ['download.pause', { downloadId: 'x' }],
    ['download.cancel', { downloadId: 'x' }],
    ['download.forget', { downloadId: 'x' }],
  ] as const)('%s says that there is no such thing', async (name, input) => {
    expect(errorOf(await core.dispatch(name, input)).code).toBe('not-found');
  });

  it('says that a plan has expired', async () => {
    expect(errorOf(await core.dispatch('restore.start', { planId: 'x' })).code).toBe('plan-expired');
  });

  it('answers after it was closed', async () => {
    await core.close();
    expect(errorOf(await core.dispatch('app.info', {})).code).toBe('cancelled');
    core = open();
  });
});

describe('an account that cannot sign in', () => {
  it('is not stored, nor is its secret', async () => {
    const reply = await core.dispatch('account.addServicePrincipal', {
      name: 'Backup',
      tenantId: '0c7a6f2e-58e5-4a0a-9a11-222222222222',
      clientId: '0c7a6f2e-58e5-4a0a-9a11-111111111111',
      credential: { kind: 'secret', secret: 'very-secret-value' },
    });
    expect(errorOf(reply)).toMatchObject({ code: 'unreachable', retryable: true });
    expect(errorOf(reply).hint).not.toBe('');
    expect(JSON.stringify(reply)).not.toContain('very-secret-value');
    expect(await core.call('account.list', {})).toEqual([]);
    expect([...secrets.values.values()]).toEqual([]);
    expect(readFileSync(join(directory.path, 'cairn.db')).includes('very-secret-value')).toBe(false);
  });
});

describe('a sync without accounts', () => {
  it('succeeds, tells about itself, and is one session however often it is asked for', async () => {
    const events: CoreEvent[] = [];
    core.subscribe((event) => events.push(event));
    const first = await core.call('account.sync', {});
    const second = await core.call('account.sync', {});
    expect(second).toEqual(first);
    await expect
      .poll(async () => (await core.call('session.get', first)).state, { timeout: 5000 })
      .toBe('succeeded');
    expect(events).toContainEqual({ type: 'changed', topic: 'session', id: first.sessionId });
    expect((await core.call('overview.get', {})).syncedAt).not.toBeNull();
  });
});

it('keeps its installation id over restarts', async () => {
  const { installationId } = await core.call('app.info', {});
  await core.close();
  core = open();
  expect((await core.call('app.info', {})).installationId).toBe(installationId);
});
