import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { fileListQuerySchema } from '../../contract/index.ts';
import { openRemoteFiles } from './remote-files.ts';
import { createServerCertificate } from './server-certificate.ts';
import { memoryFiles } from './testing/memory-files.ts';
import { type RunningService, runService } from './testing/running-service.ts';

const never = new AbortController().signal;
const large = randomBytes(3_000_000);
const files = {
  '/etc/passwd': Buffer.from('root:x:0:0'),
  '/etc/empty': Buffer.alloc(0),
  '/data/large.bin': large,
  '/data/sub/a b\\x0a%.txt': Buffer.from('odd'),
};
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function running(...args: Parameters<typeof runService>): Promise<RunningService> {
  const run = await runService(...args);
  closers.push(run.close);
  return run;
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function entries<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

const at = (path: string, offset = 0, length?: number) => ({
  volumeId: 'v',
  path,
  stream: '',
  offset,
  ...(length === undefined ? {} : { length }),
});

test('everything that a file service does comes through', async () => {
  const { client } = await running(memoryFiles(files));
  expect((await client.volumes(never))[0]).toMatchObject({ id: 'v', name: '/' });
  const query = fileListQuerySchema.parse({ volumeId: 'v', path: '/etc' });
  const listing = await client.list(query, never);
  expect(listing.entries.map(({ name }) => name)).toEqual(['empty', 'passwd']);
  expect(await client.details({ volumeId: 'v', path: '/etc/passwd' }, never)).toMatchObject({
    sizeBytes: 10,
  });
  const found = await client.search({ text: 'large', below: '/', limit: 5 }, never);
  expect(found.hits).toMatchObject([{ path: '/data/large.bin' }]);
  expect(large.equals(await collect(client.read(at('/data/large.bin'), never)))).toBe(true);
  expect((await collect(client.read(at('/etc/passwd', 5, 3), never))).toString()).toBe('x:0');
  expect((await collect(client.read(at('/etc/passwd', 8), never))).toString()).toBe(':0');
  expect((await collect(client.read(at('/data/sub/a b\\x0a%.txt'), never))).toString()).toBe('odd');
  for (const nothing of [
    at('/etc/empty'),
    at('/etc/passwd', 10),
    at('/etc/passwd', 90, 5),
    at('/etc/passwd', 0, 0),
  ])
    expect(await collect(client.read(nothing, never))).toHaveLength(0);
  const walked = await entries(client.walk([{ volumeId: 'v', path: '/data' }], never));
  expect(walked.map(({ path }) => path)).toEqual([
    '/data',
    '/data/large.bin',
    '/data/sub',
    '/data/sub/a b\\x0a%.txt',
  ]);
  const archive = await collect(client.archive([{ volumeId: 'v', path: '/etc' }], 'tar', never));
  expect(archive.toString()).toContain('/etc/passwd');
});

test('errors come as what they were, before and within a stream', async () => {
  const { client } = await running(memoryFiles({ '/a/1': large, '/a/2.bad': large }));
  const missing = { code: 'not-found', message: 'There is no /x.', hint: 'Look again.' };
  await expect(client.details({ volumeId: 'v', path: '/x' }, never)).rejects.toMatchObject(missing);
  await expect(collect(client.read(at('/x'), never))).rejects.toMatchObject(missing);
  const walk = client.walk(
    [
      { volumeId: 'v', path: '/a' },
      { volumeId: 'v', path: '/x' },
    ],
    never,
  );
  await expect(entries(walk)).rejects.toMatchObject(missing);
  const archive = client.archive([{ volumeId: 'v', path: '/a' }], 'zip', never);
  await expect(collect(archive)).rejects.toMatchObject({ code: 'damaged', message: 'A bad file.' });
});

describe('connections', () => {
  test('a read whose connection breaks again and again goes on where it stopped', async () => {
    const { server, token, fingerprint } = await running(memoryFiles(files));
    const cut = await cuttingProxy(server.port, 400_000);
    const client = openRemoteFiles({
      address: { host: '127.0.0.1', port: cut.port, fingerprint },
      token,
      retryDelayMs: 1,
    });
    closers.push(() => client.close());
    expect(large.equals(await collect(client.read(at('/data/large.bin'), never)))).toBe(true);
    expect(cut.connections()).toBeGreaterThan(5);
  });

  test('a service that has gone is said to be unreachable', async () => {
    const run = await running(memoryFiles(files));
    await run.client.volumes(never);
    await run.server.close();
    closers.length = 0;
    await expect(run.client.volumes(never)).rejects.toMatchObject({ code: 'unreachable', retryable: true });
    await run.client.close();
  });

  test('a reader who stops, and one who aborts, end the reading on the other side', async () => {
    const slow = memoryFiles(files, () => new Promise((resolve) => setTimeout(resolve, 5)));
    const { client } = await running(slow);
    for await (const piece of client.read(at('/data/large.bin'), never)) if (piece.length > 0) break;
    await expect.poll(slow.reading).toBe(0);
    const abort = new AbortController();
    const reading = collect(client.read(at('/data/large.bin'), abort.signal));
    await expect.poll(slow.reading).toBe(1);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(slow.reading).toBe(0);
  });
});

test('a server with another certificate is refused and gets no byte of any request', async () => {
  const random = (length: number) => randomBytes(length);
  const [real, false_] = [1, 2].map(() => createServerCertificate({ now: Date.now(), random }));
  if (!real || !false_) throw new Error('two certificates');
  const heard: Buffer[] = [];
  let connections = 0;
  const impostor = createTlsServer(
    { cert: false_.certificatePem, key: false_.key.export({ type: 'pkcs8', format: 'pem' }) },
    (socket) => {
      socket.on('data', (bytes: Buffer) => heard.push(bytes));
      socket.on('error', () => undefined);
    },
  );
  impostor.on('connection', () => {
    connections += 1;
  });
  const port = await listen(impostor);
  const token = 'a-token-that-must-not-leave-this-process-12';
  const clientOf = (fingerprint: string) => {
    const client = openRemoteFiles({
      address: { host: '127.0.0.1', port, fingerprint },
      token,
      stalledMs: 100,
    });
    closers.push(() => client.close());
    return client;
  };
  const client = clientOf(real.fingerprint);
  for (const _ of [1, 2, 3])
    await expect(client.volumes(never)).rejects.toMatchObject({ code: 'sign-in-failed', retryable: false });
  expect(connections).toBe(3);
  expect(Buffer.concat(heard)).toHaveLength(0);
  // The same server does hear the token of a client that expects its certificate.
  const abort = new AbortController();
  const trusting = clientOf(false_.fingerprint).volumes(abort.signal);
  await expect.poll(() => Buffer.concat(heard).toString()).toContain(token);
  abort.abort();
  await expect(trusting).rejects.toMatchObject({ code: 'cancelled' });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => server.close());
  return (server.address() as AddressInfo).port;
}

/** Passes bytes on, and ends each connection after so many of them came back. */
async function cuttingProxy(target: number, after: number) {
  let connections = 0;
  const server = createServer((from: Socket) => {
    connections += 1;
    const to = connect(target, '127.0.0.1');
    let passed = 0;
    const end = (): void => {
      from.destroy();
      to.destroy();
    };
    from.on('data', (bytes: Buffer) => to.write(bytes));
    to.on('data', (bytes: Buffer) => {
      passed += bytes.length;
      if (passed > after) end();
      else from.write(bytes);
    });
    for (const socket of [from, to]) socket.on('error', end).on('close', end);
  });
  return { port: await listen(server), connections: () => connections };
}
