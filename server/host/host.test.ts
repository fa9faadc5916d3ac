import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serve } from '../serve.ts';
import { createListedCore } from '../testing/listed-core.ts';
import { loadCloud } from './cloud.ts';
import { lockDataDirectory } from './data-lock.ts';
import { defaultDataDirectory } from './default-data-directory.ts';
import { createKeySealer, loadSecretKey } from './key-sealer.ts';
import { systemRandom } from './node-host.ts';
import { attachToRunningServer } from './running-server.ts';
import { createSealedSecretStore } from './sealed-secret-store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-host-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function openStore(dataDirectory = folder) {
  const key = await loadSecretKey({ dataDirectory, environment: {} }, systemRandom);
  return createSealedSecretStore(path.join(folder, 'secrets.json'), createKeySealer(key, systemRandom));
}

test('secrets survive a restart, are not on the disk in clear, and only this user may read the files', async () => {
  await (await openStore()).set('account/1', 'hunter2 is a secret');
  await expect((await openStore()).get('account/1')).resolves.toBe('hunter2 is a secret');
  expect(await readFile(path.join(folder, 'secrets.json'), 'utf8')).not.toContain('hunter2');
  for (const name of ['secrets.json', 'secret.key'])
    expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
  const store = await openStore();
  await store.delete('account/1');
  await expect(store.get('account/1')).resolves.toBeNull();
});

test('writes at the same time lose nothing', async () => {
  const store = await openStore();
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.set(`key-${i}`, `value-${i}`)));
  const values = await Promise.all(Array.from({ length: 20 }, (_, i) => store.get(`key-${i}`)));
  expect(values).toEqual(Array.from({ length: 20 }, (_, i) => `value-${i}`));
});

test('a secret moved to another key, changed, or sealed elsewhere is refused', async () => {
  const file = path.join(folder, 'secrets.json');
  await (await openStore()).set('a', 'first secret');
  const stored = JSON.parse(await readFile(file, 'utf8')) as { entries: Record<string, string> };
  const sealed = stored.entries['a'] ?? '';
  const changed = `${sealed.slice(0, 20)}${sealed[20] === 'A' ? 'B' : 'A'}${sealed.slice(21)}`;
  await writeFile(file, JSON.stringify({ version: 1, entries: { b: sealed, a: changed } }));
  await expect((await openStore()).get('b')).rejects.toMatchObject({ code: 'damaged' });
  await expect((await openStore()).get('a')).rejects.toMatchObject({ code: 'damaged' });
  const other = await mkdtemp(path.join(folder, 'other-'));
  await writeFile(file, JSON.stringify(stored));
  await expect((await openStore(other)).get('a')).rejects.toMatchObject({ code: 'damaged' });
  await writeFile(file, '{"version":');
  await expect((await openStore()).get('a')).rejects.toMatchObject({ code: 'damaged' });
});

test('a key file that is given is used, and a short one is refused', async () => {
  const file = path.join(folder, 'given.key');
  await writeFile(file, Buffer.alloc(32, 7).toString('base64'));
  const environment = { CAIRN_SECRET_KEY_FILE: file };
  const key = await loadSecretKey({ dataDirectory: folder, environment }, systemRandom);
  expect(Buffer.from(key)).toEqual(Buffer.alloc(32, 7));
  await writeFile(file, 'short');
  await expect(loadSecretKey({ dataDirectory: folder, environment }, systemRandom)).rejects.toMatchObject({
    code: 'invalid-input',
  });
});

test('two cores never share a data directory, and the second is told who has it', async () => {
  const lock = await lockDataDirectory(folder, 'cairn serve');
  await expect(lockDataDirectory(folder, 'a cairn command')).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`cairn serve (process ${process.pid})`),
  });
  await lock.release();
  await (await lockDataDirectory(folder, 'a cairn command')).release();
});

test('a running server is found by its data directory and forgotten when it ends', async () => {
  await expect(attachToRunningServer(folder)).resolves.toBeNull();
  const core = createListedCore({
    'app.info': () => ({ version: '1', installationId: 'i', cloud: 'AzureCloud', downloadsFolder: null }),
  });
  const options = {
    dataDirectory: folder,
    cloud: undefined,
    environment: {},
    port: 0,
    pages: folder,
    workerPackage: () => Promise.reject(new Error('not asked for')),
    log: () => undefined,
  };
  const server = await serve({ ...options, createCore: async () => core });
  const door = await attachToRunningServer(folder);
  await expect(door?.call('app.info', {})).resolves.toMatchObject({ installationId: 'i' });
  await door?.close();
  const announcement = await readFile(path.join(folder, 'server.json'), 'utf8');
  expect((await stat(path.join(folder, 'server.token'))).mode & 0o777).toBe(0o600);
  await server.close();
  expect(core.closed).toBe(true);
  await expect(attachToRunningServer(folder)).resolves.toBeNull();
  // What a killed server leaves behind must not keep the command line from starting.
  await writeFile(path.join(folder, 'server.json'), announcement);
  await writeFile(path.join(folder, 'server.token'), 'stale');
  await expect(attachToRunningServer(folder)).resolves.toBeNull();
});

test('a start that fails leaves the data directory free', async () => {
  const createCore = () => Promise.reject(new Error('no database'));
  const options = { dataDirectory: folder, cloud: undefined, environment: {}, port: 0, pages: folder };
  const workerPackage = () => Promise.reject(new Error('not asked for'));
  await expect(serve({ ...options, workerPackage, createCore, log: () => undefined })).rejects.toThrow(
    'no database',
  );
  await (await lockDataDirectory(folder, 'next')).release();
});

test('clouds by name, by file with a field error, and the public one by default', async () => {
  await expect(loadCloud(undefined, folder)).resolves.toMatchObject({ endpoints: { name: 'AzureCloud' } });
  await expect(loadCloud('AzureChinaCloud', folder)).resolves.toMatchObject({
    endpoints: { resourceManager: 'https://management.chinacloudapi.cn' },
  });
  await expect(loadCloud('nowhere', folder)).rejects.toMatchObject({
    code: 'invalid-input',
    details: { field: 'cloud' },
  });
  await writeFile(path.join(folder, 'ca.pem'), 'PEM');
  const described = {
    name: 'Private',
    authorityHost: 'https://login.private',
    resourceManager: 'https://arm.private',
    resourceManagerAudience: 'https://arm.private',
    storageAudience: 'https://storage.private',
    certificateAuthorityFile: 'ca.pem',
  };
  const file = path.join(folder, 'cloud.json');
  await writeFile(file, JSON.stringify(described));
  await expect(loadCloud(undefined, folder)).resolves.toMatchObject({
    endpoints: { name: 'Private' },
    certificateAuthority: 'PEM',
  });
  await writeFile(file, JSON.stringify({ ...described, resourceManager: 'http://arm.private' }));
  await expect(loadCloud(undefined, folder)).rejects.toMatchObject({
    message: expect.stringContaining('resourceManager'),
  });
});

test('data lives where each platform keeps it', () => {
  const on = (platform: NodeJS.Platform, environment = {}) =>
    defaultDataDirectory({ platform, home: '/home/ana', environment });
  expect(on('linux')).toBe('/home/ana/.local/share/cairn');
  expect(on('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/cairn');
  expect(on('darwin')).toBe('/home/ana/Library/Application Support/Cairn');
  expect(on('linux', { CAIRN_DATA: '/srv/cairn' })).toBe('/srv/cairn');
});

test('a folder that cannot be written says so', async () => {
  const store = createSealedSecretStore(path.join('/dev/null', 'secrets.json'), {
    seal: async (_key, secret) => secret,
    unseal: async (_key, sealed) => sealed,
  });
  await expect(store.set('a', 'b')).rejects.toThrow();
});
