import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError, type RestorePoint, type Session, type VirtualMachine } from '../../core/contract/index.ts';
import { findInstallation } from '../host/installation.ts';
import { createListedCore, type ListedCore } from '../testing/listed-core.ts';
import type { CliIo } from './cli-io.ts';
import { runCli } from './program.ts';

const subscriptionId = '11111111-1111-4111-8111-111111111111';
const group = `/subscriptions/${subscriptionId}/resourceGroups/shop`;
const time = '2026-11-22T05:40:00Z';

function machine(name: string, resourceGroup = 'shop'): VirtualMachine {
  return {
    resourceId: `${group.replace('shop', resourceGroup)}/providers/Microsoft.Compute/virtualMachines/${name}`,
    name,
    accountId: 'a1',
    subscriptionId,
    subscriptionName: 'Production',
    resourceGroup,
    region: 'westeurope',
    zone: null,
    size: 'Standard_D2s_v5',
    os: 'linux',
    power: 'running',
    disks: [],
    diskBytes: 64 * 1024 ** 2,
    tags: {},
    protection: {
      state: 'unprotected',
      reason: null,
      points: 0,
      lastPointAt: null,
      runningSessionId: null,
      lastFailedSessionId: null,
    },
  };
}

const point: RestorePoint = {
  id: 'point-abcdef',
  kind: 'backup',
  workload: 'azure-vm',
  resourceId: machine('web-01').resourceId,
  resourceName: 'web-01',
  region: 'westeurope',
  repositoryId: 'r1',
  repositoryName: 'main',
  takenAt: time,
  mode: 'full',
  state: 'ok',
  disks: [{ index: 0, name: 'web-01-os', lun: null, os: true, sizeBytes: 1024, sku: 'Premium_LRS' }],
  diskBytes: 1024,
  readBytes: 512,
  storedBytes: 256,
  sessionId: 's1',
};

function session(state: Session['state'], more: Partial<Session> = {}): Session {
  return {
    id: 's1',
    kind: 'backup',
    state,
    title: 'Back up web-01',
    resourceId: null,
    resourceName: 'web-01',
    repositoryId: 'r1',
    createdAt: time,
    startedAt: time,
    endedAt: state === 'succeeded' ? time : null,
    steps: [],
    progress: null,
    error: null,
    result: state === 'succeeded' ? { kind: 'backup', pointId: point.id } : null,
    ...more,
  };
}

const repository = {
  id: 'r1',
  name: 'main',
  accountId: 'a1',
  storageAccountId: `${group}/providers/Microsoft.Storage/storageAccounts/backups`,
  storageAccountName: 'backups',
  region: 'westeurope',
  container: 'cairn',
  folder: '',
  encrypted: true,
  state: 'ready' as const,
  points: 0,
  resources: 0,
  storedBytes: 0,
  addedAt: time,
  lastPointAt: null,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-cli-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(core: ListedCore, args: readonly string[], io: Partial<CliIo> = {}): Promise<Ran> {
  let [out, err] = ['', ''];
  const code = await runCli([...args, '--data-directory', folder], {
    installation: findInstallation(import.meta.filename),
    createCore: async () => core,
    repo: {
      openContainer: () => Promise.reject(new Error('no container is opened here')),
      logIn: () => Promise.reject(new Error('nobody signs in here')),
    },
    io: {
      stdin: Readable.from([]),
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
      interactive: false,
      columns: 80,
      environment: {},
      signal: new AbortController().signal,
      stdoutBytes: async () => undefined,
      askSecret: () => Promise.reject(new Error('nobody is there to ask')),
      ...io,
    },
  });
  return { code, out, err };
}

const estate = {
  'vm.list': () => ({ vms: [machine('web-01'), machine('db-01'), machine('db-01', 'test')], syncedAt: time }),
  'repository.list': () => [repository],
  'point.list': () => [point],
  'point.get': () => point,
};

test('vms: a table for people, one JSON document for scripts, and the core is closed', async () => {
  const core = createListedCore(estate);
  const text = await run(core, ['vms']);
  expect(text.out.split('\n')[1]).toMatch(/^web-01 +shop +westeurope +linux/);
  expect(core.closed).toBe(true);
  const json = await run(createListedCore(estate), ['vms', '--json']);
  expect(JSON.parse(json.out)).toHaveLength(3);
  expect([text.code, json.code]).toEqual([0, 0]);
});

test('backup waits for its session and prints the point', async () => {
  const core = createListedCore({
    ...estate,
    'backup.start': () => ({ sessionId: 's1' }),
    'session.get': () => session('succeeded'),
  });
  const ran = await run(core, ['backup', 'WEB-01', '--json']);
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.out)).toMatchObject({ point: { id: point.id }, session: { state: 'succeeded' } });
  expect(core.calls.find((call) => call.name === 'backup.start')?.input).toEqual({
    resourceId: machine('web-01').resourceId,
    repositoryId: 'r1',
  });
});

test('exit codes tell scripts what went wrong', async () => {
  const failed = (code: AppError['code']) =>
    createListedCore({
      ...estate,
      'backup.start': () => ({ sessionId: 's1' }),
      'session.get': () =>
        session('failed', { error: new AppError(code, { message: 'It failed.', hint: 'Try.' }).toRecord() }),
    });
  const code = async (core: ListedCore, args: string[]) => (await run(core, args)).code;
  expect(await code(createListedCore(estate), ['backup', 'nobody'])).toBe(3);
  expect(await code(createListedCore(estate), ['backup', 'db-01'])).toBe(2);
  expect(await code(createListedCore(estate), ['backup'])).toBe(2);
  expect(await code(createListedCore(estate), ['no-such-command'])).toBe(2);
  expect(await code(createListedCore(estate), ['--help'])).toBe(0);
  expect(await code(failed('damaged'), ['backup', 'web-01'])).toBe(1);
  expect(await code(failed('permission-denied'), ['backup', 'web-01'])).toBe(4);
  expect(await code(failed('cancelled'), ['backup', 'web-01'])).toBe(5);
  expect(await code(failed('repository-locked'), ['backup', 'web-01'])).toBe(6);
  expect(await code(failed('throttled'), ['backup', 'web-01'])).toBe(7);
});

test('an error names the field and the hint; with --json it is an object on standard error', async () => {
  const text = await run(createListedCore(estate), ['backup', 'db-01']);
  expect(text.err).toContain('vm: There are 2 that "db-01" can mean.');
  expect(text.err).toContain('/resourceGroups/test/');
  const json = await run(createListedCore(estate), ['backup', 'nobody', '--json']);
  expect(JSON.parse(json.err)).toMatchObject({ error: { code: 'not-found' } });
  expect(json.out).toBe('');
});

test('a secret comes from a file or a variable; an argument for it does not exist', async () => {
  const added: unknown[] = [];
  const account = {
    id: 'a1',
    name: 'lab',
    kind: 'service-principal' as const,
    tenantId: 'contoso.com',
    principal: subscriptionId,
    state: 'ready' as const,
    subscriptions: [],
    addedAt: time,
  };
  const core = () =>
    createListedCore({
      'account.addServicePrincipal': (input: unknown) => {
        added.push(input);
        return { account, sessionId: 's1' };
      },
      'account.list': () => [account],
      'session.get': () => session('succeeded', { kind: 'sync', result: null }),
    });
  const base = ['accounts', 'add', '--tenant', 'contoso.com', '--client-id', subscriptionId];
  const file = path.join(folder, 'secret.txt');
  await writeFile(file, 'from a file\n');
  expect((await run(core(), [...base, '--secret-file', file])).code).toBe(0);
  const environment = { AZURE_SECRET: 'from a variable' };
  expect((await run(core(), [...base, '--secret-env', 'AZURE_SECRET'], { environment })).code).toBe(0);
  const stdin = Readable.from([Buffer.from('from a pipe\n')]);
  expect((await run(core(), [...base, '--secret-file', '-'], { stdin })).code).toBe(0);
  expect(added).toMatchObject([
    { credential: { secret: 'from a file' } },
    { credential: { secret: 'from a variable' } },
    { credential: { secret: 'from a pipe' } },
  ]);
  expect((await run(core(), base)).err).toContain('--secret-file');
  expect((await run(core(), [...base, '--secret', 'oops'])).code).toBe(2);
});

test('Ctrl-C cancels the session and waits for its end', async () => {
  const interrupted = new AbortController();
  let state: Session['state'] = 'running';
  const core = createListedCore({
    ...estate,
    'backup.start': () => ({ sessionId: 's1' }),
    'session.get': () => {
      if (state === 'running') setTimeout(() => interrupted.abort(), 5);
      return session(state);
    },
    'session.cancel': () => {
      state = 'cancelled';
      return {};
    },
  });
  const ran = await run(core, ['backup', 'web-01'], { signal: interrupted.signal });
  expect(ran.code).toBe(5);
  expect(core.calls.map((call) => call.name)).toContain('session.cancel');
});

test('names from Azure cannot drive the terminal', async () => {
  const core = createListedCore({
    ...estate,
    'point.list': () => [{ ...point, repositoryName: 'main\u001b[2J\u0007' }],
  });
  expect((await run(core, ['points'])).out).not.toContain('\u001b');
});
