import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../lab/start.ts';
import { exitCodes } from '../../../server/cli/exit-codes.ts';
import { runCli } from '../../../server/cli/program.ts';
import { findInstallation } from '../../../server/host/installation.ts';
import type { FileRecovery, ParsedInput, RestorePoint, VirtualMachine } from '../../contract/index.ts';
import {
  LabPortal,
  labHost,
  type OpenLabConsole,
  openLabConsole,
  temporaryDirectory,
  trustLab,
} from '../../testing/index.ts';
import { makeExtImage, openPoint } from './testing/recovery-desk.ts';

/** The direct road on a real repository: what core reads by itself, without a worker. */

const directory = temporaryDirectory();
const data = join(directory.path, 'data');
const large = randomBytes(9 * 1024 * 1024);
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
let lab: Lab;
let desk: OpenLabConsole;
let machine: VirtualMachine;
let point: RestorePoint;
let repositoryId: string;

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
  trustLab(lab);
  desk = openLabConsole(lab, labHost(lab, { dataDirectory: data }));
  await desk.signIn();
  repositoryId = await desk.addRepository('files');
  const image = join(directory.path, 'files.img');
  makeExtImage(
    image,
    {
      'etc/hostname': 'web-01\n',
      'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n'.repeat(20),
      'etc/alternatives/editor': '->/usr/bin/vim',
      'srv/large.bin': large,
      'srv/pictures/dot.png': png,
      'srv/pictures/dot.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      'srv/utf16.txt': Buffer.from('\ufeffGrüße aus Azure', 'utf16le'),
      'srv/empty': '',
    },
    64,
  );
  await lab.admin.addVmFromImage(image, 'files-01');
  await desk.sync();
  machine = await desk.machine('files-01');
  point = await backUp();
});
afterAll(async () => {
  await desk.core.close();
  expect(lab.defects).toEqual([]);
  await lab.close();
  directory.remove();
});

async function backUp(): Promise<RestorePoint> {
  const session = await desk.backUp(machine, repositoryId);
  const pointId = session.result?.kind === 'backup' ? session.result.pointId : '';
  return desk.core.call('point.get', { pointId });
}

async function ended(sessionId: string) {
  const session = await desk.ended(sessionId);
  expect((await desk.core.call('files.get', { sessionId })).volumes).toBeNull();
  return session;
}

/** One `cairn` command on the core of these tests. */
async function cairn(...args: readonly string[]) {
  let [out, err] = ['', ''];
  const bytes: Uint8Array[] = [];
  const refuse = () => Promise.reject(new Error('not for this test'));
  const code = await runCli([...args, '--data-directory', data], {
    installation: findInstallation(import.meta.filename),
    createCore: async () => ({ ...desk.core, close: async () => undefined }),
    repo: { openContainer: refuse, logIn: refuse },
    io: {
      stdin: Readable.from([]),
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
      stdoutBytes: async (piece) => {
        bytes.push(piece);
      },
      interactive: false,
      columns: 80,
      environment: {},
      signal: new AbortController().signal,
      askSecret: refuse,
    },
  });
  return { code, out, err, bytes: Buffer.concat(bytes) };
}

async function readAll(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

function stream(
  recovery: FileRecovery,
  paths: readonly string[],
  form: ParsedInput<'download.start'>['form'],
) {
  const volumeId = recovery.volumes?.[0]?.id ?? '';
  return desk.core.call('download.start', {
    sessionId: recovery.sessionId,
    items: paths.map((path) => ({ volumeId, path })),
    form,
    target: { kind: 'stream' },
  });
}

const place = (recovery: FileRecovery, path: string) => ({
  sessionId: recovery.sessionId,
  volumeId: recovery.volumes?.[0]?.id ?? '',
  path,
});

describe('an open restore point', () => {
  let recovery: FileRecovery;
  beforeAll(async () => {
    recovery = await openPoint(desk, point);
  });

  it('shows its volumes, and is the same session when it is asked for again', async () => {
    expect(recovery).toMatchObject({
      state: 'open',
      road: 'direct',
      resourceName: 'files-01',
      worker: null,
      shares: [],
    });
    expect(recovery.volumes).toMatchObject([
      { kindName: 'EXT4', label: 'data', readable: true, state: 'clean' },
    ]);
    const again = await desk.core.call('files.open', { pointId: point.id });
    expect(again.sessionId).toBe(recovery.sessionId);
    expect((await desk.core.call('files.opened', {})).map(({ sessionId }) => sessionId)).toEqual([
      again.sessionId,
    ]);
    expect((await desk.machine('files-01')).protection.runningSessionId).toBeNull();
  });

  it('lists, describes, searches', async () => {
    const root = await desk.core.call('files.list', place(recovery, '/'));
    expect(root.entries.map(({ name }) => name)).toEqual(['etc', 'lost+found', 'srv']);
    const details = await desk.core.call('files.details', place(recovery, '/etc/alternatives/editor'));
    expect(details).toMatchObject({ kind: 'symlink', linkTarget: '/usr/bin/vim' });
    const search = { sessionId: recovery.sessionId, text: 'dot.*' };
    await expect
      .poll(async () => (await desk.core.call('files.search', search)).hits.map(({ path }) => path).sort())
      .toEqual(['/srv/pictures/dot.png', '/srv/pictures/dot.svg']);
    await expect(desk.core.call('files.details', place(recovery, '/nope'))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('previews texts and pictures by their bytes, and never a drawing that can hold scripts', async () => {
    const preview = (path: string) => desk.core.call('files.preview', place(recovery, path));
    expect(await preview('/etc/hostname')).toEqual({
      kind: 'text',
      text: 'web-01\n',
      truncated: false,
      encoding: 'UTF-8',
    });
    expect(await preview('/srv/utf16.txt')).toMatchObject({ text: 'Grüße aus Azure', encoding: 'UTF-16 LE' });
    expect(await preview('/srv/pictures/dot.png')).toEqual({
      kind: 'picture',
      mediaType: 'image/png',
      base64: png.toString('base64'),
    });
    expect(await preview('/srv/pictures/dot.svg')).toMatchObject({ kind: 'text' });
    expect(await preview('/srv/large.bin')).toEqual({
      kind: 'bytes',
      base64: large.subarray(0, 4096).toString('base64'),
    });
    expect(await preview('/srv/empty')).toMatchObject({ kind: 'text', text: '' });
    expect(await preview('/etc/alternatives/editor')).toEqual({
      kind: 'none',
      reason: 'A symbolic link to /usr/bin/vim.',
    });
    expect(await preview('/etc')).toEqual({ kind: 'none', reason: 'A folder.' });
  });

  it('is fetched by a browser: in parts, hashed as a whole, recorded once', async () => {
    const { downloadId, fileName } = await stream(recovery, ['/srv/large.bin'], { kind: 'file' });
    expect(fileName).toBe('large.bin');
    const signal = AbortSignal.timeout(30_000);
    const first = await desk.core.openDownload(downloadId, null, signal);
    expect(first).toMatchObject({ fileName, size: large.length, part: null });
    const begun: Uint8Array[] = [];
    for await (const piece of first.bytes) if (begun.push(piece) === 3) break;
    const at = Buffer.concat(begun).length;
    expect(await desk.core.call('download.get', { downloadId })).toMatchObject({
      state: 'paused',
      doneBytes: at,
    });
    const rest = await desk.core.openDownload(downloadId, { start: at, end: null }, signal);
    expect(rest).toMatchObject({ part: { start: at, end: large.length - 1 }, version: first.version });
    expect(Buffer.concat([...begun, await readAll(rest.bytes)]).equals(large)).toBe(true);
    const sha256 = createHash('sha256').update(large).digest('hex');
    await expect
      .poll(() => desk.core.call('download.get', { downloadId }))
      .toMatchObject({ state: 'done', sha256, error: null });
    const taken = await desk.core.call('files.taken', { resourceId: machine.resourceId });
    expect(taken).toMatchObject([
      { way: 'streamed', path: '/srv/large.bin', files: 1, bytes: large.length, sha256 },
    ]);
    await expect(desk.core.openDownload(downloadId, null, signal)).rejects.toMatchObject({
      code: 'conflict',
    });
    const outside = await stream(recovery, ['/srv/large.bin'], { kind: 'file' });
    await expect(
      desk.core.openDownload(outside.downloadId, { start: large.length, end: null }, signal),
    ).rejects.toMatchObject({ code: 'invalid-input' });
    await desk.core.call('download.cancel', { downloadId: outside.downloadId });
  });

  it('gives folders to a browser as an archive only, and says what is in it', async () => {
    await expect(stream(recovery, ['/etc'], { kind: 'folder' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    const { downloadId, fileName } = await stream(recovery, ['/etc', '/srv/pictures'], {
      kind: 'archive',
      format: 'zip',
    });
    expect(fileName).toBe('files-01-files.zip');
    const { bytes, ...facts } = await desk.core.openDownload(downloadId, null, AbortSignal.timeout(30_000));
    expect(facts).toEqual({ fileName, mediaType: 'application/zip', size: null, part: null, version: null });
    const archive = await readAll(bytes);
    const file = join(directory.path, 'stream.zip');
    writeFileSync(file, archive);
    expect(execFileSync('unzip', ['-p', file, 'etc/hostname'], { encoding: 'utf8' })).toBe('web-01\n');
    const sha256 = createHash('sha256').update(archive).digest('hex');
    await expect
      .poll(() => desk.core.call('download.get', { downloadId }))
      .toMatchObject({ state: 'done', sha256, totalFiles: 5 });
    const taken = await desk.core.call('files.taken', { sessionId: recovery.sessionId, limit: 2 });
    expect(taken.map(({ path, files }) => [path, files]).sort()).toEqual([
      ['/etc', 3],
      ['/srv/pictures', 2],
    ]);
  });

  it('refuses links on this road, and snapshots without a worker', async () => {
    await expect(desk.core.call('files.share', { sessionId: recovery.sessionId })).rejects.toMatchObject({
      code: 'not-supported',
    });
    await expect(
      desk.core.call('files.open', { pointId: point.id, source: 'snapshot' }),
    ).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('stands in nobody’s way: its machine is backed up meanwhile, its repository cannot be forgotten', async () => {
    await expect(desk.core.call('repository.remove', { repositoryId })).rejects.toMatchObject({
      code: 'conflict',
    });
    const newer = await backUp();
    const listing = await desk.core.call('files.list', place(recovery, '/etc'));
    expect(listing.total).toBe(3);
    const versions = () => desk.core.call('files.versions', place(recovery, '/etc/hostname'));
    await expect.poll(async () => (await versions()).state, { timeout: 20_000 }).toBe('done');
    expect(await versions()).toMatchObject({
      looked: 2,
      points: 2,
      versions: [
        { pointId: newer.id, presence: 'present', sizeBytes: 7, change: 'same' },
        { pointId: point.id, presence: 'present', change: 'first' },
      ],
    });
    const compare = {
      left: place(recovery, '/'),
      right: { ...place(recovery, '/'), sessionId: undefined, pointId: newer.id },
    };
    const { comparisonId } = await desk.core.call('files.compare', compare);
    const comparison = () => desk.core.call('files.comparison', { comparisonId });
    await expect.poll(async () => (await comparison()).state, { timeout: 20_000 }).toBe('done');
    expect(await comparison()).toMatchObject({ differences: [], more: false, error: null });
    expect((await comparison()).entriesCompared).toBeGreaterThan(10);
  });

  it('is extended, closed, and then says so', async () => {
    const { sessionId } = recovery;
    const { closesAt } = await desk.core.call('files.extend', { sessionId, minutes: 120 });
    expect(Date.parse(closesAt)).toBeGreaterThan(Date.now() + 119 * 60_000);
    await desk.core.call('files.close', { sessionId });
    const session = await ended(sessionId);
    expect(session).toMatchObject({ state: 'succeeded', result: { kind: 'file-recovery', items: 3 } });
    expect(session.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(await desk.core.call('files.get', { sessionId })).toMatchObject({ state: 'closed' });
    await expect(desk.core.call('files.list', place(recovery, '/'))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('ends as cancelled by the session’s own cancel', async () => {
    const { sessionId } = await openPoint(desk, point);
    await desk.core.call('session.cancel', { sessionId });
    expect((await ended(sessionId)).state).toBe('cancelled');
  });
});

describe('the command line', () => {
  it('browses, reads and takes out of a point of the console, which closes what it opened', async () => {
    const source = ['--point', point.id.slice(0, 10)];
    const listed = await cairn('files', 'ls', '/etc', ...source);
    expect(listed.out).toContain('alternatives');
    expect((await cairn('files', 'cat', '/etc/hostname', ...source)).bytes.toString()).toBe('web-01\n');
    const range = ['--range', '1000-1999'];
    const part = await cairn('files', 'cat', '/srv/large.bin', ...range, ...source);
    expect(part.bytes.equals(large.subarray(1000, 2000))).toBe(true);
    const found = await cairn('files', 'find', 'dot.*', ...source);
    expect(found.out.trim().split('\n').sort()).toEqual(['/srv/pictures/dot.png', '/srv/pictures/dot.svg']);
    const target = join(directory.path, 'taken');
    const got = await cairn('files', 'get', '/etc', '/srv/large.bin', target, ...source);
    expect(got.code, got.err).toBe(0);
    expect(got.err).toContain('warning: etc/alternatives/editor');
    expect(readFileSync(join(target, 'large.bin')).equals(large)).toBe(true);
    expect(readFileSync(join(target, 'etc/hostname'), 'utf8')).toBe('web-01\n');
    expect((await cairn('files', 'sessions')).out.trim().split('\n')).toHaveLength(1);
    expect(await desk.core.call('files.opened', {})).toEqual([]);
  });

  it('uses a session that is open, and leaves it open; says what was taken', async () => {
    const { sessionId } = await openPoint(desk, point);
    expect((await cairn('files', 'sessions')).out).toContain(sessionId);
    const archive = join(directory.path, 'etc.tar');
    const got = await cairn(
      'files',
      'get',
      '/etc',
      archive,
      '--format',
      'tar',
      '--session',
      sessionId,
      '--json',
    );
    const { sha256 } = JSON.parse(got.out);
    expect(createHash('sha256').update(readFileSync(archive)).digest('hex')).toBe(sha256);
    const taken = await cairn('files', 'taken', '--session', sessionId, '--json');
    expect(JSON.parse(taken.out)).toMatchObject([
      { path: '/etc', way: 'saved', target: archive, files: 3, sha256 },
    ]);
    const again = await cairn('files', 'get', '/etc/hostname', archive, '--session', sessionId);
    expect([again.code, again.err]).toEqual([
      exitCodes.conflict,
      expect.stringContaining('is there already'),
    ]);
    expect((await cairn('files', 'close', sessionId)).out).toContain('succeeded');
    expect((await cairn('files', 'ls', '/', '--session', sessionId)).code).toBe(exitCodes.conflict);
  });

  it('prints the hashes of a saved folder so that sha256sum checks them', async () => {
    const taken = await desk.core.call('files.taken', { resourceId: machine.resourceId });
    const folder = taken.find(({ path, target }) => path === '/etc' && target.endsWith('taken'));
    const sums = await cairn('files', 'taken', '--sums', folder?.id ?? '');
    const checked = execFileSync('sha256sum', ['-c', '-'], {
      cwd: join(directory.path, 'taken'),
      input: sums.out,
      encoding: 'utf8',
    });
    expect(checked).toBe('etc/hostname: OK\netc/passwd: OK\n');
  });
});

describe('a restore point that is deleted while it is open', () => {
  it('is said to be deleted by the next read that needs the repository', async () => {
    const { id: pointId } = await backUp();
    const recovery = await openPoint(desk, await desk.core.call('point.get', { pointId }));
    const portal = new LabPortal(lab);
    const store = await portal.blobs('backups', 'files');
    for (const prefix of ['points/', 'packs/'])
      for await (const { name } of store.list(prefix)) await store.delete(name);
    const { downloadId } = await stream(recovery, ['/srv/large.bin'], { kind: 'file' });
    const { bytes } = await desk.core.openDownload(downloadId, null, AbortSignal.timeout(30_000));
    await expect(readAll(bytes)).rejects.toMatchObject({
      code: 'conflict',
      message: 'This restore point was deleted while it was open.',
    });
    expect(await desk.core.call('download.get', { downloadId })).toMatchObject({
      state: 'failed',
      error: { code: 'conflict' },
    });
    await desk.core.call('files.close', { sessionId: recovery.sessionId });
    await ended(recovery.sessionId);
  });
});
