import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TokenCredential } from '@azure/identity';
import { BlobServiceClient, newPipeline, StorageSharedKeyCredential } from '@azure/storage-blob';
import {
  newPipeline as newQueuePipeline,
  StorageSharedKeyCredential as QueueKey,
  QueueServiceClient,
} from '@azure/storage-queue';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AccessControl, FaultEffect, StorageAccountData } from '../ports.ts';
import { createLabAuthority } from '../tls/index.ts';
import { type LabStoragePlane, openStoragePlane } from './index.ts';

const signal = new AbortController().signal;
const authority = createLabAuthority(new Date());
const tls = authority.issue(['localhost', '127.0.0.1'], new Date());
const accountId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/alpha';

let folder: string;
let plane: LabStoragePlane;
let fault: FaultEffect | undefined;
let allowedActions: Set<string>;
let defects: unknown[];

const access: AccessControl = {
  verify: (authorization) =>
    authorization?.includes('.') === true
      ? { ok: true, caller: { objectId: 'o', tenantId: 't', clientId: 'c', name: 'n' } }
      : { ok: false, reason: 'malformed', message: 'not a token' },
  isAllowed: (_caller, { action, scope }) => scope.startsWith(accountId) && allowedActions.has(action),
};

function open(durable: boolean, at = folder): Promise<LabStoragePlane> {
  return openStoragePlane({
    folder: at,
    durable,
    blobPort: 0,
    queuePort: 0,
    tls,
    faults: { match: () => fault },
    access,
    randomBytes,
    onDefect: (error) => defects.push(error),
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-storage-'));
  defects = [];
  plane = await open(false);
});

beforeEach(() => {
  fault = undefined;
  allowedActions = new Set();
});

afterEach(() => plane.deleteAccount('alpha', signal));

afterAll(async () => {
  await plane.close();
  await rm(folder, { recursive: true, force: true });
  expect(defects).toEqual([]);
});

const once1 = { retryOptions: { maxTries: 1 } };

function blobs(account: StorageAccountData, credential?: TokenCredential): BlobServiceClient {
  const key = new StorageSharedKeyCredential(account.name, account.keys[0]);
  const pipeline = newPipeline(credential ?? key, once1);
  Object.assign(pipeline.options, { tlsOptions: { ca: authority.certificatePem } });
  return new BlobServiceClient(account.blobEndpoint, pipeline);
}

function queues(account: StorageAccountData): QueueServiceClient {
  const pipeline = newQueuePipeline(new QueueKey(account.name, account.keys[1]), once1);
  Object.assign(pipeline.options, { tlsOptions: { ca: authority.certificatePem } });
  return new QueueServiceClient(account.queueEndpoint, pipeline);
}

/** A token in the only shape Azurite accepts; its signature is the access control's business. */
function token(): TokenCredential {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: 'https://storage.azure.com',
    iss: 'https://sts.windows.net/t/',
    iat: now,
    nbf: now,
    exp: now + 600,
  };
  const value = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.AAAA`;
  return { getToken: async () => ({ token: value, expiresOnTimestamp: Date.now() + 600_000 }) };
}

test('an account made at run time takes blobs and queue messages with either of its keys', async () => {
  const account = await plane.createAccount('alpha', signal);
  const container = blobs(account).getContainerClient('cool');
  await container.create();
  await container.getBlockBlobClient('b').uploadData(Buffer.from('bytes'));
  expect((await container.getBlobClient('b').downloadToBuffer()).toString()).toBe('bytes');
  const queue = queues(account).getQueueClient('queue');
  await queue.create();
  await queue.sendMessage('hello');
  expect((await queue.receiveMessages()).receivedMessageItems[0]?.messageText).toBe('hello');
  expect((await plane.createAccount('alpha', signal)).keys).toEqual(account.keys);
});

test('a regenerated key replaces the old one at once', async () => {
  const before = await plane.createAccount('alpha', signal);
  const after = await plane.regenerateKey('alpha', 'key1', signal);
  await expect(blobs(before).getContainerClient('cool').create()).rejects.toMatchObject({ statusCode: 403 });
  await blobs(after).getContainerClient('cool').create();
});

test('a deleted account is gone with everything in it', async () => {
  const account = await plane.createAccount('alpha', signal);
  await blobs(account).getContainerClient('cool').create();
  await plane.deleteAccount('alpha', signal);
  await expect(blobs(account).getContainerClient('cool').getProperties()).rejects.toThrow();
  const again = await plane.createAccount('alpha', signal);
  expect(again.keys).not.toEqual(account.keys);
  expect(await blobs(again).getContainerClient('cool').exists()).toBe(false);
});

test('a token does only what its roles allow', async () => {
  const account = await plane.createAccount('alpha', signal);
  plane.bindAccount('alpha', accountId);
  const container = blobs(account, token()).getContainerClient('cool');
  await expect(container.create()).rejects.toMatchObject({
    statusCode: 403,
    code: 'AuthorizationPermissionMismatch',
  });
  allowedActions.add('Microsoft.Storage/storageAccounts/blobServices/containers/write');
  await container.create();
  const blob = container.getBlockBlobClient('b');
  await expect(blob.uploadData(Buffer.from('x'))).rejects.toMatchObject({ statusCode: 403 });
  allowedActions.add('Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write');
  await blob.uploadData(Buffer.from('x'));
  await expect(blob.delete()).rejects.toMatchObject({ statusCode: 403 });
});

test('a token that nobody verifies is refused with 401', async () => {
  const account = await plane.createAccount('alpha', signal);
  const bad: TokenCredential = {
    getToken: async () => ({ token: 'nonsense', expiresOnTimestamp: Date.now() + 1e6 }),
  };
  await expect(blobs(account, bad).getContainerClient('cool').create()).rejects.toMatchObject({
    statusCode: 401,
  });
});

test('faults answer, cut before, or lose only the answer', async () => {
  const account = await plane.createAccount('alpha', signal);
  const container = blobs(account).getContainerClient('cool');
  fault = {
    delayMs: 0,
    respond: { status: 503, code: 'ServerBusy', message: 'busy', headers: { 'retry-after': '1' } },
  };
  await expect(container.create()).rejects.toMatchObject({ statusCode: 503, code: 'ServerBusy' });
  fault = { delayMs: 0, drop: 'before' };
  await expect(container.create()).rejects.toThrow();
  fault = undefined;
  expect(await container.exists()).toBe(false);
  fault = { delayMs: 0, drop: 'after' };
  await expect(container.create()).rejects.toThrow();
  fault = undefined;
  expect(await container.exists()).toBe(true);
});

test('durable storage keeps accounts and data over a restart', async () => {
  const place = join(folder, 'durable');
  const first = await open(true, place);
  const account = await first.createAccount('alpha', signal);
  const container = blobs(account).getContainerClient('cool');
  await container.create();
  await container.getBlockBlobClient('b').uploadData(Buffer.from('kept'));
  await first.close();
  const second = await open(true, place);
  const again = second.get('alpha');
  expect(again?.keys).toEqual(account.keys);
  if (again !== undefined) {
    const blob = blobs(again).getContainerClient('cool').getBlobClient('b');
    expect((await blob.downloadToBuffer()).toString()).toBe('kept');
  }
  await second.close();
});

test('the storage process ends with a lab that was killed', async () => {
  const script = `
    const { openStoragePlane } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
    const plane = await openStoragePlane({
      folder: process.argv[1], durable: false, blobPort: 0, queuePort: 0,
      tls: JSON.parse(process.argv[2]), faults: { match: () => undefined }, access: {}, onDefect: () => {},
      randomBytes: (await import('node:crypto')).randomBytes,
    });
    console.log(plane.pid);
  `;
  const place = join(folder, 'orphan');
  const lab = spawn(process.execPath, ['--input-type=module', '-e', script, place, JSON.stringify(tls)], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: lab.stdout }), 'line')) as [string];
  const alive = (): boolean => {
    try {
      return process.kill(Number(line), 0);
    } catch {
      return false;
    }
  };
  expect(alive()).toBe(true);
  lab.kill('SIGKILL');
  for (let i = 0; i < 100 && alive(); i += 1) await sleep(50);
  expect(alive()).toBe(false);
});
