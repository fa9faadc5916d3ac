import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGuestReport } from './guest-report.ts';
import { guestScript, stagingFolder } from './guest-script.ts';

/** The script itself, run by this machine's own bash, tar and curl in a folder that stands for the guest. */
let place: string;
let guest: string;
let server: Server;
let report: Buffer | undefined;
const id = 'test-1';

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'cairn-script-'));
  guest = join(place, 'guest');
  mkdirSync(guest);
  report = undefined;
  server = createServer((request, response) => {
    if (request.method === 'GET') return response.end(readFileSync(join(place, 'files.tar')));
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      report = Buffer.concat(pieces);
      response.writeHead(201).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
  rmSync(place, { recursive: true, force: true });
});

/** Stages a tree below `folder` as the archive brings it, made by GNU tar. */
function stage(folder: string, fill: (root: string) => void): void {
  const root = join(place, 'tree');
  const staged = join(root, folder, stagingFolder(id));
  mkdirSync(staged, { recursive: true });
  fill(staged);
  execFileSync('tar', [
    '--create',
    '--file',
    join(place, 'files.tar'),
    '--directory',
    root,
    `.${folder}/${stagingFolder(id)}`,
  ]);
}

async function run(existing: 'keep' | 'overwrite', folders = [guest], broken: string[] = []) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x?a=1&b='"$(touch%20pwned)`;
  const script = guestScript({
    id,
    archiveUrl: url,
    reportUrl: url,
    folders: folders.map((path) => ({ path: Buffer.from(path), bytes: 10_000 })),
    broken: broken.map((path) => Buffer.from(path)),
    existing,
  });
  writeFileSync(join(place, 'script.sh'), script);
  const { spawn } = await import('node:child_process');
  const child = spawn('sh', [join(place, 'script.sh')], { cwd: place });
  let said = '';
  child.stderr.on('data', (text) => {
    said += String(text);
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  return { status, said, records: report === undefined ? [] : readGuestReport(report) };
}
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

test('files arrive whole with modes and times, hard names included, and the report has their hashes', async () => {
  const names = ['a b', "it's", '$(touch pwned)', '-rf', 'x\ny', 'tab\there', 'ünï'];
  stage(guest, (root) => {
    for (const name of names) writeFileSync(join(root, name), `content of ${name}`, { mode: 0o640 });
    mkdirSync(join(root, 'new', 'deep'), { recursive: true });
    chmodSync(join(root, 'new'), 0o711);
    symlinkSync('/etc/passwd', join(root, 'new', 'link'));
    execFileSync('touch', ['-d', '2020-02-03T04:05:06Z', join(root, 'a b'), join(root, 'new')]);
  });
  const { status, records, said } = await run('overwrite');
  expect({ status, said }).toEqual({ status: 0, said: '' });
  for (const name of names) expect(readFileSync(join(guest, name), 'utf8')).toBe(`content of ${name}`);
  expect(statSync(join(guest, 'a b')).mode & 0o7777).toBe(0o640);
  expect(statSync(join(guest, 'a b')).mtime.toISOString()).toBe('2020-02-03T04:05:06.000Z');
  expect(statSync(join(guest, 'new')).mode & 0o7777).toBe(0o711);
  expect(statSync(join(guest, 'new')).mtime.toISOString()).toBe('2020-02-03T04:05:06.000Z');
  expect(lstatSync(join(guest, 'new', 'link')).isSymbolicLink()).toBe(true);
  expect(new Map(records.map(({ path, sha256 }) => [path, sha256])).get(`${guest}/a b`)).toBe(
    hashOf('content of a b'),
  );
  expect(records.filter(({ kind }) => kind === 'written')).toHaveLength(names.length + 1);
  expect(readdirSync(guest)).not.toContain(stagingFolder(id));
  expect(existsSync(join(place, 'pwned'))).toBe(false);
});

test('what is there is kept, or replaced, as asked; a folder and a file never replace each other', async () => {
  writeFileSync(join(guest, 'same'), 'old');
  mkdirSync(join(guest, 'folder'));
  writeFileSync(join(guest, 'file'), 'a file');
  stage(guest, (root) => {
    writeFileSync(join(root, 'same'), 'new');
    writeFileSync(join(root, 'folder'), 'was a file');
    mkdirSync(join(root, 'file'));
    writeFileSync(join(root, 'file', 'below'), 'below');
  });
  const kept = await run('keep');
  expect(readFileSync(join(guest, 'same'), 'utf8')).toBe('old');
  expect(kept.records.find(({ path }) => path.endsWith('/same'))).toMatchObject({
    kind: 'kept',
    sha256: hashOf('old'),
  });
  const replaced = await run('overwrite');
  expect(readFileSync(join(guest, 'same'), 'utf8')).toBe('new');
  expect(readFileSync(join(guest, 'file'), 'utf8')).toBe('a file');
  expect(statSync(join(guest, 'folder')).isDirectory()).toBe(true);
  const failed = replaced.records
    .filter(({ kind }) => kind === 'failed')
    .map(({ path }) => path.slice(guest.length));
  expect(failed.sort()).toEqual(['/file', '/file/below', '/folder']);
});

test('a linked folder of the machine stays a link, and a broken file never gets its place', async () => {
  mkdirSync(join(guest, 'real'));
  symlinkSync('real', join(guest, 'linked'));
  writeFileSync(join(guest, 'real', 'bad'), 'good one');
  stage(`${guest}/linked`, (root) => {
    writeFileSync(join(root, 'bad'), '\0\0\0');
    writeFileSync(join(root, 'fine'), 'fine');
  });
  const target = `${guest}/linked`;
  const { status } = await run('overwrite', [target], [`${target}/${stagingFolder(id)}/bad`]);
  expect(status).toBe(0);
  expect(lstatSync(join(guest, 'linked')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(guest, 'real', 'bad'), 'utf8')).toBe('good one');
  expect(readFileSync(join(guest, 'real', 'fine'), 'utf8')).toBe('fine');
});

test('without room, or without the archive, nothing is touched', async () => {
  stage(guest, (root) => writeFileSync(join(root, 'a'), 'a'));
  const tight = spawnSync('sh', [], {
    input: guestScript({
      id,
      archiveUrl: 'http://127.0.0.1:9/',
      reportUrl: 'http://127.0.0.1:9/',
      folders: [{ path: Buffer.from(`${guest}/not/yet/there`), bytes: 1e18 }],
      broken: [],
      existing: 'keep',
    }),
  });
  expect([tight.status, tight.stderr.toString()]).toEqual([6, expect.stringContaining('not enough room')]);
  expect(readdirSync(guest)).toEqual([]);
});
