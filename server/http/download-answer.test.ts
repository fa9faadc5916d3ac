import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../core/contract/index.ts';
import type { DownloadRange, DownloadStream } from '../../core/host.ts';
import { openHttpDoor } from '../client/http-door.ts';
import { systemRandom } from '../host/node-host.ts';
import { createListedCore, type ListedCore } from '../testing/listed-core.ts';
import { contentDisposition } from './content-disposition.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';

let folder: string;
let core: ListedCore;
let server: HttpServer;

const content = Buffer.from('0123456789abcdef');
const bearer = { authorization: 'Bearer bearer-token' };

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-pages-'));
  await writeFile(path.join(folder, 'index.html'), '');
  core = createListedCore({});
  core.download = async (id, range) => streamOf(id, range);
  server = await startHttpServer({
    core,
    pages: folder,
    port: 0,
    random: systemRandom,
    bearerToken: 'bearer-token',
  });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function streamOf(id: string, range: DownloadRange | null): DownloadStream {
  if (id === 'none')
    throw new AppError('not-found', { message: 'There is no such download.', hint: 'Look.' });
  if (range !== null && range.start >= content.length)
    throw new AppError('invalid-input', { message: 'The part is outside of the file.' });
  const archive = id === 'archive';
  const part =
    range === null ? null : { start: range.start, end: Math.min(range.end ?? 99, content.length - 1) };
  return {
    fileName: 'Prüfung "1".txt',
    mediaType: archive ? 'application/zip' : 'application/octet-stream',
    size: archive ? null : content.length,
    part: archive ? null : part,
    version: archive ? null : 'v1',
    bytes: pieces(part ?? { start: 0, end: content.length - 1 }),
  };
}

async function* pieces({ start, end }: { start: number; end: number }) {
  for (let at = start; at <= end; at += 4) yield content.subarray(at, Math.min(end + 1, at + 4));
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** The connection ended before the answer was whole. */
  readonly torn: boolean;
}

function ask(target: string, headers: Record<string, string> = bearer, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      server.address,
      { path: target, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => undefined);
        response.on('close', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
            torn: !response.complete,
          }),
        );
      },
    );
    request.on('error', reject);
    request.end();
  });
}

async function signedIn(): Promise<Record<string, string>> {
  const start = new URL(server.newStartAddress());
  const [cookie = ''] = (await ask(start.pathname + start.search, {})).headers['set-cookie'] ?? [];
  return { cookie: cookie.split(';')[0] ?? '' };
}

describe('a download', () => {
  it('is the whole, with its length and its name, never cached, never shown', async () => {
    const answer = await ask('/api/downloads/abc');
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(content.toString());
    expect(answer.headers).toMatchObject({
      'content-length': '16',
      'accept-ranges': 'bytes',
      etag: '"v1"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-disposition': `attachment; filename="Pr_fung _1_.txt"; filename*=UTF-8''Pr%C3%BCfung%20%221%22.txt`,
    });
    expect(answer.headers['content-security-policy']).toContain('sandbox');
  });

  it('can be resumed by a range, and starts anew when the version is another', async () => {
    const rest = await ask('/api/downloads/abc', { ...bearer, range: 'bytes=10-' });
    expect([rest.status, rest.text, rest.headers['content-range']]).toEqual([
      206,
      'abcdef',
      'bytes 10-15/16',
    ]);
    const same = await ask('/api/downloads/abc', { ...bearer, range: 'bytes=2-5', 'if-range': '"v1"' });
    expect([same.status, same.text, same.headers['content-length']]).toEqual([206, '2345', '4']);
    const other = await ask('/api/downloads/abc', { ...bearer, range: 'bytes=2-5', 'if-range': '"v0"' });
    expect([other.status, other.text]).toEqual([200, content.toString()]);
  });

  it('of an archive has no length and no ranges', async () => {
    const answer = await ask('/api/downloads/archive');
    expect(answer.headers).toMatchObject({ 'accept-ranges': 'none', 'transfer-encoding': 'chunked' });
    expect(answer.headers['content-length']).toBeUndefined();
  });

  it('answers HEAD without reading anything', async () => {
    let read = false;
    core.download = async (id, range) => ({
      ...streamOf(id, range),
      bytes: (async function* () {
        read = true;
        yield content;
      })(),
    });
    const answer = await ask('/api/downloads/abc', bearer, 'HEAD');
    expect([answer.status, answer.headers['content-length'], answer.text]).toEqual([200, '16', '']);
    expect(read).toBe(false);
  });

  it('says in words why it is refused', async () => {
    const missing = await ask('/api/downloads/none');
    expect([missing.status, missing.text]).toEqual([404, 'There is no such download.\n\nLook.\n']);
    expect((await ask('/api/downloads/abc', { ...bearer, range: 'bytes=16-' })).status).toBe(416);
    for (const target of ['/api/downloads/', '/api/downloads/../call', '/api/downloads/A%2f'])
      expect((await ask(target)).status).toBe(404);
  });

  it('breaks the connection when its source fails, so that nobody takes it for whole', async () => {
    core.download = async (id, range) => ({
      ...streamOf(id, range),
      bytes: (async function* () {
        yield content.subarray(0, 4);
        throw new AppError('damaged', { message: 'A block is damaged.' });
      })(),
    });
    const answer = await ask('/api/downloads/abc');
    expect([answer.torn, answer.text.length]).toEqual([true, 4]);
  });

  it('stops its source when the browser goes away', async () => {
    const stopped = new Promise<void>((resolve) => {
      core.download = async (id, range, signal) => ({
        ...streamOf(id, range),
        size: null,
        bytes: (async function* () {
          signal.addEventListener('abort', () => resolve());
          for (;;) yield Buffer.alloc(64 * 1024);
        })(),
      });
    });
    const request = http.get(`${server.address}/api/downloads/abc`, { headers: bearer, agent: false });
    request.on('response', (response) => response.once('data', () => request.destroy()));
    request.on('error', () => undefined);
    await stopped;
  });
});

describe('the gate', () => {
  it('lets the console’s own page start a download, and nobody else', async () => {
    const cookie = await signedIn();
    expect((await ask('/api/downloads/abc', { ...cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(
      200,
    );
    const refused: Record<string, string>[] = [
      {},
      { ...cookie, 'sec-fetch-site': 'cross-site' },
      { ...cookie, 'sec-fetch-site': 'same-site' },
      { ...cookie, origin: 'https://attacker.example' },
      { ...cookie, host: 'attacker.example' },
      { authorization: 'Bearer guess' },
    ];
    const statuses = await Promise.all(
      refused.map(async (headers) => (await ask('/api/downloads/abc', headers)).status),
    );
    expect(statuses).toEqual([401, 403, 403, 403, 421, 401]);
  });
});

describe('the door of an attached shell', () => {
  it('opens the same download, with its name, its parts and its refusals', async () => {
    const door = openHttpDoor({ address: server.address, token: 'bearer-token' });
    const { signal } = new AbortController();
    const part = await door.openDownload('abc', { start: 4, end: 7 }, signal);
    expect(part).toMatchObject({
      fileName: 'Prüfung "1".txt',
      size: 16,
      part: { start: 4, end: 7 },
      version: 'v1',
    });
    const bytes: Uint8Array[] = [];
    for await (const piece of part.bytes) bytes.push(piece);
    expect(Buffer.concat(bytes).toString()).toBe('4567');
    const { code, hint } = await door.openDownload('none', null, signal).then(
      () => ({ code: '', hint: '' }),
      (error: AppError) => error,
    );
    expect([code, hint]).toEqual(['not-found', 'Look.']);
    await door.close();
  });
});

it('no name can break out of the header', () => {
  for (const name of [
    'a\r\nset-cookie: x',
    'a"; filename=b',
    'a\\',
    '100%',
    'ä\ud800',
    '日本語.txt',
    "it's (1)*.txt",
  ]) {
    const header = contentDisposition(name);
    expect(header).toMatch(
      /^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[!#$&+.^_`|~0-9A-Za-z%-]*$/,
    );
    expect(decodeURIComponent(header.split("''")[1] ?? '')).toBe(name.toWellFormed());
  }
});

it('a large download passes unchanged', async () => {
  const block = Buffer.alloc(64 * 1024, 7);
  core.download = async (id, range) => ({
    ...streamOf(id, range),
    size: block.length * 64,
    bytes: (async function* () {
      for (let count = 0; count < 64; count += 1) yield block;
    })(),
  });
  const hash = createHash('sha256');
  const response = await fetch(`${server.address}/api/downloads/abc`, { headers: bearer });
  hash.update(new Uint8Array(await response.arrayBuffer()));
  const expected = createHash('sha256');
  for (let count = 0; count < 64; count += 1) expected.update(block);
  expect(hash.digest('hex')).toBe(expected.digest('hex'));
});
