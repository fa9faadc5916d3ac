import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../lab/start.ts';
import { buildWorkerPackage } from '../../../scripts/build-worker.ts';
import type { Download, FileRecovery, ParsedInput, RestorePoint, WorkerPackage } from '../../index.ts';
import {
  type KillableCore,
  LabConsole,
  openKillableCore,
  temporaryDirectory,
  trustLab,
} from '../../testing/index.ts';
import { makeExtImage, opened, openPoint } from './testing/recovery-desk.ts';

/** Downloads that core writes to a path; core is a process of its own that is killed in between. */

const directory = temporaryDirectory();
const mib = 1024 * 1024;
const large = randomBytes(96 * mib);
const names = ['CON.txt', 'a:b?.txt', ' . ', '-rf', 'new\nline', 'ü'.repeat(100), '%41'];
let lab: Lab;
let workerPackage: WorkerPackage;
let core: KillableCore;
let desk: LabConsole;
let point: RestorePoint;
let recovery: FileRecovery;
let target: string;

beforeAll(async () => {
  lab = await startLab({ estate: 'small' });
  trustLab(lab);
  workerPackage = await buildWorkerPackage();
  await restartCore();
  await desk.signIn();
  const repositoryId = await desk.addRepository('downloads');
  const image = join(directory.path, 'files.img');
  makeExtImage(
    image,
    {
      'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
      'etc/deep/er/empty': null,
      'etc/link': '->passwd',
      'etc/out': '->../../../../outside',
      'srv/large.bin': large,
      ...Object.fromEntries(names.map((name) => [`nasty/${name}`, name])),
    },
    128,
  );
  await lab.admin.addVmFromImage(image, 'downloads-01');
  await desk.sync();
  const session = await desk.backUp(await desk.machine('downloads-01'), repositoryId);
  const pointId = session.result?.kind === 'backup' ? session.result.pointId : '';
  point = await desk.core.call('point.get', { pointId });
});
afterAll(async () => {
  await core.kill();
  expect(lab.defects).toEqual([]);
  await lab.close();
  directory.remove();
});
beforeEach(async () => {
  recovery = await openPoint(desk, point);
  target = join(directory.path, `target-${randomBytes(4).toString('hex')}`);
  mkdirSync(target);
});

async function restartCore(): Promise<void> {
  const dataDirectory = join(directory.path, 'data');
  mkdirSync(dataDirectory, { recursive: true });
  core = await openKillableCore({ lab, dataDirectory, workerPackage });
  desk = new LabConsole(lab, core);
}

type Form = ParsedInput<'download.start'>['form'];

async function start(paths: readonly string[], form: Form, path: string, replace = false): Promise<string> {
  const volumeId = recovery.volumes?.[0]?.id ?? '';
  const { downloadId } = await desk.core.call('download.start', {
    sessionId: recovery.sessionId,
    items: paths.map((item) => ({ volumeId, path: item })),
    form,
    target: { kind: 'path', path, replace },
  });
  return downloadId;
}

async function until(downloadId: string, reached: (download: Download) => boolean): Promise<Download> {
  for (;;) {
    const download = await desk.core.call('download.get', { downloadId });
    if (reached(download)) return download;
    if (download.state === 'failed') throw new Error(JSON.stringify(download.error));
    await wait(5);
  }
}

const done = (downloadId: string) => until(downloadId, ({ state }) => state === 'done');
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a download to a path', () => {
  it('of one file has its bytes and their SHA-256, and is recorded', async () => {
    const path = join(target, 'large.bin');
    const { sha256, bytesPerSecond, doneBytes, totalBytes } = await done(
      await start(['/srv/large.bin'], { kind: 'file' }, path),
    );
    expect({ sha256, bytesPerSecond, doneBytes, totalBytes }).toEqual({
      sha256: hashOf(large),
      bytesPerSecond: 0,
      doneBytes: large.length,
      totalBytes: large.length,
    });
    expect(hashOf(readFileSync(path))).toBe(hashOf(large));
    expect(readdirSync(target)).toEqual(['large.bin']);
    const [taken] = await desk.core.call('files.taken', { sessionId: recovery.sessionId });
    expect(taken).toMatchObject({
      by: 'tester',
      pointId: point.id,
      resourceName: 'downloads-01',
      path: '/srv/large.bin',
      way: 'saved',
      target: path,
      files: 1,
      bytes: large.length,
      sha256: hashOf(large),
      outcome: 'done',
    });
    await desk.logged(recovery.sessionId, 'tester took /srv/large.bin');
  });

  it('of folders keeps the tree, records every file, and lets no link lead out', async () => {
    const downloadId = await start(['/etc', '/nasty'], { kind: 'folder' }, target);
    const { problems } = await done(downloadId);
    expect(readFileSync(join(target, 'etc/link'), 'utf8')).toContain('root');
    expect(existsSync(join(target, 'etc/deep/er/empty'))).toBe(true);
    expect(existsSync(join(target, 'etc/out'))).toBe(false);
    expect(problems.map(({ path }) => path)).toEqual(['etc/out']);
    const contents = readdirSync(join(target, 'nasty')).map((name) =>
      readFileSync(join(target, 'nasty', name), 'utf8'),
    );
    expect(contents.sort()).toEqual([...names].sort());
    const taken = await desk.core.call('files.taken', { sessionId: recovery.sessionId, limit: 2 });
    expect(taken.map(({ path, outcome }) => [path, outcome])).toEqual(
      expect.arrayContaining([
        ['/etc', 'partial'],
        ['/nasty', 'partial'],
      ]),
    );
    const takenId = taken.find(({ path }) => path === '/nasty')?.id ?? '';
    const files = await desk.core.call('files.takenFiles', { takenId });
    expect(files.map(({ sha256 }) => sha256).sort()).toEqual(
      names.map((name) => hashOf(Buffer.from(name))).sort(),
    );
  });

  it('of several things as an archive is one file that other tools open', async () => {
    const path = join(target, 'some.tar');
    const { sha256 } = await done(
      await start(['/etc', '/srv/large.bin'], { kind: 'archive', format: 'tar' }, path),
    );
    expect(hashOf(readFileSync(path))).toBe(sha256);
    execFileSync('tar', ['-xf', path, '-C', target, 'large.bin', 'etc/passwd']);
    expect(hashOf(readFileSync(join(target, 'large.bin')))).toBe(hashOf(large));
  });

  it('is refused where it must not or cannot go', async () => {
    const file = { kind: 'file' } as const;
    const there = join(target, 'there');
    writeFileSync(there, 'mine');
    const refused = [
      ['relative/path', 'invalid-input'],
      [join(directory.path, 'data', 'cairn.db'), 'invalid-input'],
      [join(directory.path, 'data', 'new'), 'invalid-input'],
      [join(target, 'no', 'such', 'folder'), 'not-found'],
      [there, 'already-exists'],
      [target, 'conflict'],
    ] as const;
    for (const [path, code] of refused)
      await expect(start(['/etc/passwd'], file, path), path).rejects.toMatchObject({
        code,
        details: { field: 'target' },
      });
    await expect(start(['/etc'], file, join(target, 'etc'))).rejects.toMatchObject({ code: 'invalid-input' });
    expect(readFileSync(there, 'utf8')).toBe('mine');
    await done(await start(['/etc/passwd'], file, there, true));
    expect(readFileSync(there, 'utf8')).toContain('root:');
  });
});

describe('pausing, cancelling, closing', () => {
  it('goes on from where it was paused', async () => {
    const path = join(target, 'large.bin');
    const downloadId = await start(['/srv/large.bin'], { kind: 'file' }, path);
    await until(downloadId, ({ doneBytes }) => doneBytes > 40 * mib);
    await desk.core.call('download.pause', { downloadId });
    const paused = await desk.core.call('download.get', { downloadId });
    expect(paused).toMatchObject({ state: 'paused', bytesPerSecond: 0 });
    expect(existsSync(path)).toBe(false);
    await desk.core.call('download.resume', { downloadId });
    expect((await done(downloadId)).sha256).toBe(hashOf(large));
    expect(hashOf(readFileSync(path))).toBe(hashOf(large));
  });

  it('leaves nothing behind when it is cancelled, and says that it was', async () => {
    const downloadId = await start(['/srv/large.bin'], { kind: 'file' }, join(target, 'large.bin'));
    await until(downloadId, ({ doneBytes }) => doneBytes > 8 * mib);
    await desk.core.call('download.cancel', { downloadId });
    expect(await desk.core.call('download.get', { downloadId })).toMatchObject({ state: 'cancelled' });
    expect(readdirSync(target)).toEqual([]);
    const [taken] = await desk.core.call('files.taken', { sessionId: recovery.sessionId });
    expect(taken).toMatchObject({ path: '/srv/large.bin', outcome: 'cancelled' });
    await desk.core.call('download.forget', { downloadId });
    await expect(desk.core.call('download.get', { downloadId })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('waits when its session is closed, and opens the point again when it is resumed', async () => {
    const downloadId = await start(['/srv', '/etc', '/nasty'], { kind: 'folder' }, target);
    await until(downloadId, ({ doneBytes }) => doneBytes > 40 * mib);
    await desk.core.call('files.close', { sessionId: recovery.sessionId });
    const waiting = await until(downloadId, ({ state }) => state === 'paused');
    expect(waiting.error?.hint).toContain('Resume it');
    await desk.succeeded(recovery.sessionId);
    await desk.core.call('download.resume', { downloadId });
    const { sessionId, doneFiles } = await done(downloadId);
    expect(hashOf(readFileSync(join(target, 'srv/large.bin')))).toBe(hashOf(large));
    expect(doneFiles).toBe(names.length + 2);
    expect(sessionId).not.toBe(recovery.sessionId);
  });
});

describe('a core that is killed', () => {
  it('goes on with the download in the same session, and the file is whole', async () => {
    const path = join(target, 'large.bin');
    const folder = join(target, 'folder');
    const file = await start(['/srv/large.bin'], { kind: 'file' }, path);
    const tree = await start(['/srv', '/etc'], { kind: 'folder' }, folder);
    await until(file, ({ doneBytes }) => doneBytes > 40 * mib);
    await core.kill();
    expect(existsSync(path)).toBe(false);
    await restartCore();
    const { sessionId } = recovery;
    expect(await opened(desk, sessionId)).toMatchObject({ state: 'open' });
    const [first, second] = [await done(file), await done(tree)];
    expect(first).toMatchObject({ sessionId, sha256: hashOf(large) });
    expect(second.sessionId).toBe(sessionId);
    for (const place of [path, join(folder, 'srv/large.bin')])
      expect(hashOf(readFileSync(place))).toBe(hashOf(large));
    expect(readdirSync(target).sort()).toEqual(['folder', 'large.bin']);
    expect(readdirSync(folder).sort()).toEqual(['CAIRN-NOT-INCLUDED.txt', 'etc', 'srv']);
  });
});
