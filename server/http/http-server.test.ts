import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHttpDoor } from '../client/http-door.ts';
import { systemRandom } from '../host/node-host.ts';
import { createListedCore, type ListedCore } from '../testing/listed-core.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';

let folder: string;
let core: ListedCore;
let server: HttpServer;

const info = { version: '0.1.0', installationId: 'i-1', cloud: 'AzureCloud', downloadsFolder: null };

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-pages-'));
  const pages = path.join(folder, 'pages');
  await mkdir(path.join(pages, 'assets'), { recursive: true });
  await writeFile(path.join(pages, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
  await writeFile(path.join(pages, 'assets', 'main-1a2b.js'), 'export {};');
  await writeFile(path.join(folder, 'secret.key'), 'private');
  await symlink(path.join(folder, 'secret.key'), path.join(pages, 'assets', 'link.js'));
  core = createListedCore({ 'app.info': () => info });
  server = await startHttpServer({ core, pages, port: 0, random: systemRandom, bearerToken: 'bearer-token' });
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** Plain node:http, because fetch refuses to send Host and Origin as a test needs them. */
function ask(
  target: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const request = http.request(
      server.address,
      { path: target, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function signIn(): Promise<string> {
  const start = new URL(server.newStartAddress());
  const answer = await ask(start.pathname + start.search);
  expect(answer.status).toBe(303);
  const [cookie = ''] = answer.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  return cookie.split(';')[0] ?? '';
}

function callInfo(headers: Record<string, string>, body = '{}'): Promise<Answer> {
  return ask('/api/call/app.info', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

test('a start address signs in exactly once', async () => {
  const start = new URL(server.newStartAddress());
  const first = await ask(start.pathname + start.search);
  const second = await ask(start.pathname + start.search);
  expect([first.status, second.status]).toEqual([303, 401]);
  expect(second.text).toContain('used before');
  expect((await ask('/start?token=guess')).status).toBe(401);
});

test('pages and procedures need the cookie', async () => {
  expect((await ask('/')).status).toBe(401);
  expect((await callInfo({ origin: server.address })).status).toBe(401);
  const cookie = await signIn();
  expect((await ask('/', { headers: { cookie } })).status).toBe(200);
  const answer = await callInfo({ cookie, origin: server.address });
  expect(JSON.parse(answer.text)).toEqual({ ok: true, value: info });
});

test('another host name, another origin and a form post are refused even with the cookie', async () => {
  const cookie = await signIn();
  expect((await ask('/', { headers: { cookie, host: 'attacker.example' } })).status).toBe(421);
  expect((await callInfo({ cookie, origin: 'https://attacker.example' })).status).toBe(403);
  expect((await callInfo({ cookie })).status).toBe(403);
  expect((await ask('/api/events', { headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(
    403,
  );
  const form = { cookie, origin: server.address, 'content-type': 'text/plain' };
  expect((await callInfo(form)).status).toBe(400);
  expect(core.calls).toEqual([]);
});

test('bodies are bounded and must be JSON', async () => {
  const headers = { authorization: 'Bearer bearer-token' };
  expect((await callInfo(headers, '{')).status).toBe(400);
  const large = await callInfo(headers, JSON.stringify({ padding: 'x'.repeat(1024 * 1024) }));
  expect(large.status).toBe(413);
  expect(core.calls).toEqual([]);
});

test('every page has a nonce of its own, and the policy allows nothing inline', async () => {
  const cookie = await signIn();
  const [one, two] = [await ask('/', { headers: { cookie } }), await ask('/vms', { headers: { cookie } })];
  const nonceOf = (answer: Answer) => /content="([^"]+)"/.exec(answer.text)?.[1] ?? '';
  expect(nonceOf(one)).not.toBe(nonceOf(two));
  const policy = String(one.headers['content-security-policy']);
  expect(policy).toContain(`style-src 'self' 'nonce-${nonceOf(one)}'`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
});

test('no path leads out of the folder of pages', async () => {
  const cookie = await signIn();
  const statuses = await Promise.all(
    [
      '/assets/main-1a2b.js',
      '/../secret.key',
      '/assets/..%2f..%2fsecret.key',
      '/%2e%2e/secret.key',
      '/assets/link.js',
      '/assets/%00.js',
      '/assets\\..\\..\\secret.key',
      '/missing.js',
    ].map(async (target) => (await ask(target, { headers: { cookie } })).status),
  );
  expect(statuses).toEqual([200, 404, 404, 404, 404, 404, 404, 404]);
});

test('a cookie cannot make further start addresses, the bearer token can', async () => {
  const cookie = await signIn();
  const post = { method: 'POST', body: '{}' };
  const refused = await ask('/api/start-address', { ...post, headers: { cookie, origin: server.address } });
  expect(refused.status).toBe(404);
  const door = openHttpDoor({ address: server.address, token: 'bearer-token' });
  const start = new URL(await door.newStartAddress());
  expect((await ask(start.pathname + start.search)).status).toBe(303);
  await door.close();
});

test('the door of an attached shell calls, carries errors, and hears events', async () => {
  const door = openHttpDoor({ address: server.address, token: 'bearer-token' });
  await expect(door.call('app.info', {})).resolves.toEqual(info);
  await expect(door.call('session.get', { sessionId: 's' })).rejects.toMatchObject({ code: 'not-found' });
  const heard = new Promise((resolve) => door.subscribe(resolve));
  await expect.poll(() => core.listeners).toBe(1);
  core.emit({ type: 'changed', topic: 'vm', id: null });
  await expect(heard).resolves.toEqual({ type: 'changed', topic: 'vm', id: null });
  await door.close();
  await expect.poll(() => core.listeners).toBe(0);
});

test('a wrong token and a dead server are told apart', async () => {
  const stranger = openHttpDoor({ address: server.address, token: 'wrong' });
  await expect(stranger.call('app.info', {})).rejects.toMatchObject({ code: 'not-signed-in' });
  await server.close();
  await expect(stranger.call('app.info', {})).rejects.toMatchObject({ code: 'unreachable', retryable: true });
  await stranger.close();
});
