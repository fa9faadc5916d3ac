import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CoreEvent, Download } from '../../../contract/index.ts';
import { type Database, openDatabase } from '../../../db/index.ts';
import { createFileService } from '../../../files/index.ts';
import { manualClock, temporaryDirectory, testHost } from '../../../testing/index.ts';
import { readSample } from '../../../volumes/conformance/samples.ts';
import { MemoryDisk } from '../../../volumes/index.ts';
import type { OrchestratorContext } from '../../context.ts';
import { createEventHub } from '../../events.ts';
import { countSelection } from './count-selection.ts';
import { liveDownload } from './live-download.ts';
import { nameOf } from './new-download.ts';
import { checkSpace, checkTarget } from './target-path.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let database: Database;
const clock = manualClock();
const events: CoreEvent[] = [];

beforeEach(() => {
  directory = temporaryDirectory();
  database = openDatabase(join(directory.path, 'cairn.db'));
  events.length = 0;
});
afterEach(() => {
  database.close();
  directory.remove();
});

function context(): OrchestratorContext {
  const hub = createEventHub((error) => {
    throw error;
  });
  hub.subscribe((event) => events.push(event));
  const host = testHost({ dataDirectory: directory.path, clock });
  return { host, database, events: hub, installationId: 'i', connectionOptions: {} };
}

const waiting: Download = {
  id: 'd1',
  sessionId: 's1',
  pointId: 'p1',
  resourceName: 'web-01',
  title: 'passwd',
  form: { kind: 'file' },
  target: { kind: 'path', path: '/tmp/passwd', replace: false },
  state: 'waiting',
  createdAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  totalBytes: 1000,
  doneBytes: 0,
  totalFiles: 1,
  doneFiles: 0,
  bytesPerSecond: 0,
  secondsLeft: null,
  sha256: null,
  problems: [],
  renamed: [],
  error: null,
};

describe('a running download', () => {
  it('is told about at most twice a second, with its speed, and its end is never lost', async () => {
    database.downloads.insert({ download: waiting, items: [{ volumeId: 'disk0', path: '/a' }] });
    const live = liveDownload(waiting, context());
    live.change({ state: 'running' });
    for (let bytes = 10; bytes <= 1000; bytes += 10) {
      live.advance({ bytes, files: 0 });
      await clock.advance(20);
    }
    expect(live.value).toMatchObject({ doneBytes: 1000, bytesPerSecond: 500, secondsLeft: 0 });
    expect(events.length).toBeGreaterThan(2);
    expect(events.length).toBeLessThanOrEqual(5);
    live.end('done', { sha256: 'aa' });
    expect(events.at(-1)).toEqual({ type: 'changed', topic: 'download', id: 'd1' });
    expect(database.downloads.find('d1')?.download).toMatchObject({
      state: 'done',
      sha256: 'aa',
      bytesPerSecond: 0,
    });
  });

  it('stores how far it is every few seconds, and keeps a hundred problems', async () => {
    database.downloads.insert({ download: waiting, items: [{ volumeId: 'disk0', path: '/a' }] });
    const live = liveDownload(waiting, context());
    live.advance({ bytes: 100, files: 0 });
    expect(database.downloads.find('d1')?.download.doneBytes).toBe(0);
    await clock.advance(6000);
    live.advance({ bytes: 200, files: 0 });
    expect(database.downloads.find('d1')?.download.doneBytes).toBe(200);
    for (let count = 0; count < 150; count += 1) live.problem(`file ${count}`, 'damaged');
    expect(live.value.problems).toHaveLength(100);
  });
});

describe('a target', () => {
  const check = (path: string, more: { replace?: boolean; kind?: 'file' | 'folder' } = {}) =>
    checkTarget({ path, replace: false, kind: 'file', dataDirectory: join(directory.path, 'data'), ...more });
  const code = (path: string, more?: Parameters<typeof check>[1]) =>
    check(path, more).then(
      () => 'allowed',
      (error: { code: string }) => error.code,
    );

  it('must be absolute, in a folder that exists, and free', async () => {
    mkdirSync(join(directory.path, 'data'));
    mkdirSync(join(directory.path, 'out'));
    writeFileSync(join(directory.path, 'out', 'there'), '');
    const out = (...parts: string[]) => join(directory.path, 'out', ...parts);
    expect(await code('relative')).toBe('invalid-input');
    expect(await code(`${out('a')}\0b`)).toBe('invalid-input');
    expect(await code(out('new'))).toBe('allowed');
    expect(await code(out('no', 'new'))).toBe('not-found');
    expect(await code(out('there'))).toBe('already-exists');
    expect(await code(out('there'), { replace: true })).toBe('allowed');
    expect(await code(out())).toBe('conflict');
    expect(await code(out(), { kind: 'folder' })).toBe('allowed');
    expect(await code(out('new'), { kind: 'folder' })).toBe('allowed');
    expect(await code(out('there'), { kind: 'folder' })).toBe('conflict');
  });

  it('is never in Cairn’s own data, whatever way leads there', async () => {
    const data = join(directory.path, 'data');
    mkdirSync(join(data, 'deep'), { recursive: true });
    mkdirSync(join(directory.path, 'data-2'));
    symlinkSync(join(data, 'deep'), join(directory.path, 'link'));
    expect(await code(join(data, 'cairn.db'), { replace: true })).toBe('invalid-input');
    expect(await code(data, { kind: 'folder' })).toBe('invalid-input');
    expect(await code(join(directory.path, 'out', '..', 'data', 'x'))).toBe('invalid-input');
    expect(await code(join(directory.path, 'link', 'x'))).toBe('invalid-input');
    expect(await code(join(directory.path, 'link'), { kind: 'folder' })).toBe('invalid-input');
    expect(await code(join(directory.path, 'data-2', 'x'))).toBe('allowed');
    expect(await code(join(directory.path, 'datax'))).toBe('allowed');
  });

  it('must have room', async () => {
    await expect(checkSpace(directory.path, 1)).resolves.toBeUndefined();
    await expect(checkSpace(directory.path, 2 ** 52)).rejects.toMatchObject({
      code: 'quota-exceeded',
      details: { field: 'target', neededBytes: String(2 ** 52) },
    });
  });
});

it('names are fit for every computer', () => {
  const name = (path: string, form: Download['form'] = { kind: 'file' }) =>
    nameOf({ form, items: [{ volumeId: 'disk0', path }] }, 'web-01');
  const zip = { kind: 'archive', format: 'zip' } as const;
  expect(name('/etc/passwd')).toBe('passwd');
  expect(name('/etc/a:b')).toBe('a%3Ab');
  expect(name('/etc/CON')).not.toBe('CON');
  expect(name('/', zip)).toBe('web-01-disk0.zip');
  expect(nameOf({ form: zip, items: [1, 2].map((n) => ({ volumeId: 'v', path: `/${n}` })) }, 'web-01')).toBe(
    'web-01-files.zip',
  );
});

it('what a selection takes along is counted for each of its items', async () => {
  const service = createFileService({ disks: [new MemoryDisk(await readSample('ext4'))] });
  const { signal } = new AbortController();
  const [volume] = await service.volumes(signal);
  const volumeId = volume?.id ?? '';
  const place = (path: string) => ({ volumeId, path });
  const download = { id: 'd', items: [place('/folder/size 5000'), place('/folder'), place('/many/')] };
  const [file, folder, many] = await countSelection(service, download, signal);
  expect(file).toMatchObject({ files: 1, bytes: 5000, takenId: 'd-0' });
  expect([...(many?.names ?? [])]).toEqual(['many']);
  const whole = await countSelection(service, { id: 'd', items: [place('/folder')] }, signal);
  expect((folder?.files ?? 0) + 1).toBe(whole[0]?.files);
  expect((folder?.bytes ?? 0) + 5000).toBe(whole[0]?.bytes);
  await service.close();
});
