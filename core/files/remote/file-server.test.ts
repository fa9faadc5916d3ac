import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { FileServerOptions } from './file-server.ts';
import { sharePageScript } from './share-page-script.ts';
import { memoryFiles } from './testing/memory-files.ts';
import { type RunningService, runService } from './testing/running-service.ts';

const large = randomBytes(300_000);
const files = {
  '/etc/passwd': Buffer.from('root:x:0:0'),
  '/home/ann/notes "1"\r\n.txt': Buffer.from('hello'),
  '/home/ann/large.bin': large,
  '/home/bob/private': Buffer.from('secret'),
};
let run: RunningService;

afterEach(() => run.close());

async function start(options: Partial<FileServerOptions> = {}): Promise<void> {
  run = await runService(memoryFiles(files), options);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port: run.server.port,
        path,
        method,
        headers,
        ca: run.certificatePem,
        agent: false,
        checkServerIdentity: () => undefined,
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const owner = (): Record<string, string> => ({ authorization: `Bearer ${run.token}` });
const json = { 'content-type': 'application/json' };
const place = (path: string): string => new URLSearchParams({ volumeId: 'v', path }).toString();
const codeOf = ({ body }: Answer): unknown => JSON.parse(body.toString()).error.code;

describe('who may come in', () => {
  test('only the token of the session, in its header', async () => {
    await start();
    expect((await ask('/v1/volumes', { headers: owner() })).status).toBe(200);
    const wrong: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${run.token.slice(0, -1)}` },
      { authorization: `Bearer ${run.token}A` },
      { authorization: `Basic ${run.token}` },
      { authorization: 'Bearer ' },
      { cookie: `__Host-cairn-share=${run.token}` },
    ];
    for (const headers of wrong) {
      const answer = await ask('/v1/volumes', { headers });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'not-signed-in']);
    }
    expect((await ask(`/v1/volumes?token=${run.token}`)).status).toBe(401);
  });

  test('nobody while there is no token, and the newest one only', async () => {
    let token: string | undefined;
    await start({ ownerToken: () => token });
    const with_ = (text: string) => ask('/v1/volumes', { headers: { authorization: `Bearer ${text}` } });
    expect((await with_('undefined-undefined')).status).toBe(401);
    token = 'a'.repeat(43);
    expect((await with_('a'.repeat(43))).status).toBe(200);
    token = 'b'.repeat(43);
    expect((await with_('a'.repeat(43))).status).toBe(401);
  });

  test('an address that tries many tokens is shut out', async () => {
    await start({ limits: { refusalsPerMinute: 3 } });
    for (let tries = 0; tries < 4; tries += 1) expect((await ask('/v1/volumes')).status).toBe(401);
    await expect(ask('/v1/volumes', { headers: owner() })).rejects.toThrow();
  });

  test('TLS 1.3 and nothing older', async () => {
    await start();
    const tryVersion = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string>((resolve) => {
        const socket = connect({
          port: run.server.port,
          host: '127.0.0.1',
          rejectUnauthorized: false,
          maxVersion,
        });
        socket.once('error', () => resolve('refused'));
        socket.once('secureConnect', () => {
          resolve(socket.getProtocol() ?? '');
          socket.destroy();
        });
      });
    expect(await tryVersion('TLSv1.2')).toBe('refused');
    expect(await tryVersion('TLSv1.3')).toBe('TLSv1.3');
  });
});

describe('what is asked for', () => {
  test('paths of any shape lead to files of the service or to nothing', async () => {
    await start();
    const paths = [
      '/',
      '/etc/passwd',
      '/../../etc/passwd',
      '/v1/../../etc/hostname',
      '/v1/volumes/',
      '//etc/passwd',
      '/%2e%2e/etc/passwd',
      '/v1/content/../../../etc/passwd',
      '/index.html',
      '/share/../etc/passwd',
    ];
    for (const path of paths) {
      const answer = await ask(path, { headers: owner() });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    for (const inside of [
      '/../../../../../etc/hostname',
      '/etc/hostname',
      'C:\\',
      '/proc/self/environ',
      '/etc/passwd/..',
    ]) {
      const answer = await ask(`/v1/content?${place(inside)}`, { headers: owner() });
      expect([inside, answer.status]).toEqual([inside, 404]);
    }
    expect((await ask('http://elsewhere/v1/volumes', { headers: owner() })).status).toBe(400);
    expect((await ask('/v1/volumes', { method: 'DELETE', headers: owner() })).status).toBe(404);
    expect((await ask('/v1/list', { headers: owner() })).status).toBe(404);
  });

  test('bodies that are no JSON, not as agreed, or too large', async () => {
    await start({ limits: { bodyBytes: 5000 } });
    const post = (body: string, headers: Record<string, string> = json) =>
      ask('/v1/list', { method: 'POST', headers: { ...owner(), ...headers }, body });
    expect((await post('{"volumeId":"v","path":"/"}')).status).toBe(200);
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '{"volumeId":"v"}',
      '{"volumeId":"v","path":"/","limit":100000}',
      `{"volumeId":"v","path":"${'x'.repeat(4000)}","offset":-1}`,
    ])
      expect([body, (await post(body)).status]).toEqual([body, 400]);
    expect((await post('{"volumeId":"v","path":"/"}', { 'content-type': 'text/plain' })).status).toBe(400);
    const tooLarge = await post(JSON.stringify({ volumeId: 'v', path: 'x'.repeat(6000) }));
    expect([tooLarge.status, tooLarge.headers.connection]).toEqual([400, 'close']);
    const chunked = await post(JSON.stringify({ volumeId: 'v', path: 'x'.repeat(6000) }), {
      ...json,
      'transfer-encoding': 'chunked',
    });
    expect(chunked.status).toBe(400);
  });

  test('ranges, as RFC 9110 has them', async () => {
    await start();
    const get = (headers: Record<string, string>) =>
      ask(`/v1/content?${place('/etc/passwd')}`, { headers: { ...owner(), ...headers } });
    const whole = await get({});
    expect([whole.status, whole.body.toString(), whole.headers['accept-ranges']]).toEqual([
      200,
      'root:x:0:0',
      'bytes',
    ]);
    const etag = whole.headers.etag ?? '';
    const cases: [Record<string, string>, number, string][] = [
      [{ range: 'bytes=0-3' }, 206, 'root'],
      [{ range: 'bytes=8-' }, 206, ':0'],
      [{ range: 'bytes=-2' }, 206, ':0'],
      [{ range: 'bytes=-200' }, 206, 'root:x:0:0'],
      [{ range: 'bytes=5-1000' }, 206, 'x:0:0'],
      [{ range: 'bytes=10-' }, 416, ''],
      [{ range: 'bytes=-0' }, 416, ''],
      [{ range: 'bytes=3-1' }, 200, 'root:x:0:0'],
      [{ range: 'bytes=0-1,3-4' }, 200, 'root:x:0:0'],
      [{ range: 'lines=1-2' }, 200, 'root:x:0:0'],
      [{ range: 'bytes=0-3', 'if-range': etag }, 206, 'root'],
      [{ range: 'bytes=0-3', 'if-range': '"other"' }, 200, 'root:x:0:0'],
      [{ range: 'bytes=0-3', 'if-match': etag }, 206, 'root'],
      [{ range: 'bytes=0-3', 'if-match': '"other"' }, 412, ''],
    ];
    for (const [headers, status, body] of cases) {
      const answer = await get(headers);
      expect([headers, answer.status, answer.body.toString()]).toEqual([headers, status, body]);
    }
    expect((await get({ range: 'bytes=2-3' })).headers['content-range']).toBe('bytes 2-3/10');
  });

  test('no answer may be kept, framed, guessed at, or read by another page', async () => {
    await start();
    for (const path of ['/v1/volumes', '/nothing', '/share', `/v1/content?${place('/etc/passwd')}`]) {
      const { headers } = await ask(path, { headers: { ...owner(), origin: 'https://evil.example' } });
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

describe('who takes too much', () => {
  test('a head that never ends is cut off', async () => {
    await start({ limits: { headMs: 200 } });
    const socket = connect({ port: run.server.port, host: '127.0.0.1', rejectUnauthorized: false });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.resume();
    socket.write('GET /v1/volumes HTTP/1.1\r\nhost: x\r\n');
    const drip = setInterval(() => socket.write('x-more: y\r\n'), 50);
    await closed;
    clearInterval(drip);
    expect((await ask('/v1/volumes', { headers: owner() })).status).toBe(200);
  });

  test('connections of one address have a limit', async () => {
    await start({ limits: { connectionsPerAddress: 3 } });
    const sockets = Array.from({ length: 6 }, () =>
      connect({ port: run.server.port, host: '127.0.0.1', rejectUnauthorized: false }),
    );
    const open = await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<boolean>((resolve) => {
            socket.once('secureConnect', () => resolve(true));
            socket.once('error', () => resolve(false));
            socket.once('close', () => resolve(false));
          }),
      ),
    );
    expect(open.filter(Boolean)).toHaveLength(3);
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(async () => (await ask('/v1/volumes', { headers: owner() }).catch(() => undefined))?.status)
      .toBe(200);
  });

  test('requests at once have a limit, and what is more is told to come again', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = memoryFiles(files, () => gate);
    run = await runService(slow, { limits: { requestsAtOnce: 2 } });
    const read = () => ask(`/v1/content?${place('/etc/passwd')}`, { headers: owner() });
    const two = [read(), read()];
    await expect.poll(slow.reading).toBe(2);
    const third = await ask('/v1/volumes', { headers: owner() });
    expect([third.status, third.headers['retry-after'], codeOf(third)]).toEqual([429, '1', 'throttled']);
    release();
    expect((await Promise.all(two)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask('/v1/volumes', { headers: owner() })).status).toBe(200);
  });

  test('visitors of links take nothing from the owner', async () => {
    await start({ limits: { requestsPerSecond: 1 }, clock: () => 0 });
    const pages = await Promise.all(Array.from({ length: 5 }, () => ask('/share')));
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
    expect((await ask('/v1/volumes', { headers: owner() })).status).toBe(200);
  });

  test('closing ends what is under way', async () => {
    const slow = memoryFiles(files, () => sleep(20));
    run = await runService(slow);
    const reading = ask(`/v1/content?${place('/home/ann/large.bin')}`, { headers: owner() });
    await expect.poll(slow.reading).toBe(1);
    await Promise.all([run.server.close(), expect(reading).rejects.toThrow()]);
    await expect.poll(slow.reading).toBe(0);
    await start();
  });
});

describe('links for colleagues', () => {
  const secret = 'S'.repeat(43);
  const share = (more: { scope?: string; durationMs?: number; id?: string } = {}) =>
    run.server.shares.addShare({
      id: more.id ?? 'share-1',
      tokenHash: createHash('sha256').update(secret).digest('hex'),
      durationMs: more.durationMs ?? 60_000,
      scope: more.scope === undefined ? null : { volumeId: 'v', path: more.scope },
    });
  const cookie = { cookie: `other=1; __Host-cairn-share=${secret}` };
  const enter = () =>
    ask('/share/enter', {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${secret}` },
      body: '{}',
    });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', headers: { ...json, ...cookie, ...headers }, body: JSON.stringify(body) });

  test('the page asks for nothing from elsewhere and runs only its own script', async () => {
    await start();
    const page = await ask('/share');
    expect(page.status).toBe(200);
    const html = page.body.toString();
    const policy = String(page.headers['content-security-policy']);
    for (const tag of ['script', 'style']) {
      const inside = new RegExp(`<${tag}>([\\s\\S]*)</${tag}>`).exec(html)?.[1] ?? '';
      expect(policy).toContain(`'sha256-${createHash('sha256').update(inside).digest('base64')}'`);
    }
    expect(html).not.toMatch(/https?:\/\/|innerHTML|\son\w+=/);
    expect(() => new Function(sharePageScript)).not.toThrow();
  });

  test('the secret becomes a cookie that no script, no other site and no plain connection gets', async () => {
    await start();
    expect((await enter()).status).toBe(401);
    share();
    const entered = await enter();
    expect(entered.status).toBe(200);
    expect(entered.headers['set-cookie']).toEqual([
      `__Host-cairn-share=${secret}; Path=/; Secure; HttpOnly; SameSite=Strict`,
    ]);
    expect((await ask('/share/about', { headers: cookie })).status).toBe(200);
    expect(
      (await ask('/share/about', { headers: { ...cookie, 'sec-fetch-site': 'cross-site' } })).status,
    ).toBe(403);
    expect((await ask('/share/about')).status).toBe(401);
    expect((await ask('/v1/volumes', { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401);
  });

  test('what is taken is told, whole with its hash or in part without', async () => {
    await start();
    share();
    const whole = await ask(`/share/content?${place('/home/ann/notes "1"\r\n.txt')}`, { headers: cookie });
    expect(whole.body.toString()).toBe('hello');
    expect(whole.headers['content-disposition']).toBe(
      `attachment; filename="notes__1___.txt"; filename*=UTF-8''notes%20%221%22%0D%0A.txt`,
    );
    await ask(`/share/content?${place('/etc/passwd')}`, { headers: { ...cookie, range: 'bytes=0-3' } });
    await ask(`/share/archive?${place('/home/ann')}`, { headers: cookie });
    await expect.poll(() => run.taken.length).toBe(3);
    const sha256 = createHash('sha256').update('hello').digest('hex');
    expect(run.taken).toMatchObject([
      {
        shareId: 'share-1',
        path: '/home/ann/notes "1"\r\n.txt',
        files: 1,
        bytes: 5,
        sha256,
        outcome: 'done',
        target: '127.0.0.1',
      },
      { path: '/etc/passwd', bytes: 4, sha256: null, outcome: 'partial' },
      { path: '/home/ann', files: 2, outcome: 'done' },
    ]);
  });

  test('a link with a scope shows nothing else', async () => {
    await start();
    share({ scope: '/home/ann' });
    expect((await post('/share/list', { volumeId: 'v', path: '/home/ann' })).status).toBe(200);
    for (const path of [
      '/',
      '/home',
      '/home/bob',
      '/home/annex',
      '/home/ann/../bob',
      '/home//bob',
      '/etc/passwd',
    ])
      expect([path, (await post('/share/list', { volumeId: 'v', path })).status]).toEqual([path, 404]);
    for (const path of ['/home/bob/private', '/etc/passwd', '/home/ann/../bob/private']) {
      expect((await ask(`/share/content?${place(path)}`, { headers: cookie })).status).toBe(404);
      expect((await ask(`/share/archive?${place(path)}`, { headers: cookie })).status).toBe(404);
      expect((await post('/share/details', { volumeId: 'v', path })).status).toBe(404);
    }
    const long = { volumeId: 'v', path: '/home/ann', filter: 'x'.repeat(600_000) };
    expect((await post('/share/list', long)).status).toBe(400);
    const found = await post('/share/search', { text: 'private', below: '/' });
    expect(JSON.parse(found.body.toString()).hits).toEqual([]);
    expect(run.taken).toEqual([]);
  });

  test('a link ends in time or when it is revoked, also in the middle of a download', async () => {
    await start();
    share({ durationMs: 1000 });
    expect((await enter()).status).toBe(200);
    const about = async () => (await ask('/share/about', { headers: cookie })).status;
    await expect.poll(about, { timeout: 5000 }).toBe(401);
    await run.close();

    const slow = memoryFiles(files, () => sleep(30));
    run = await runService(slow);
    share({ id: 'share-2' });
    const taking = ask(`/share/content?${place('/home/ann/large.bin')}`, { headers: cookie });
    await expect.poll(() => run.server.statistics().sentBytes).toBeGreaterThan(0);
    run.server.shares.endShare('share-2');
    await expect(taking).rejects.toThrow();
    expect(await about()).toBe(401);
    await expect.poll(() => run.taken).toMatchObject([{ outcome: 'cancelled', sha256: null }]);
    share({ id: 'share-2' });
    expect((await enter()).status).toBe(401);
  });
});
