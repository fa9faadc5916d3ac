import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Download, TakenItem } from '../contract/index.ts';
import { temporaryDirectory } from '../testing/index.ts';
import { type Database, openDatabase } from './index.ts';
import { firstTables } from './migrations/0001-first-tables.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let file: string;
let database: Database;

beforeEach(() => {
  directory = temporaryDirectory();
  file = join(directory.path, 'cairn.db');
  database = openDatabase(file);
});
afterEach(() => {
  database.close();
  directory.remove();
});

const resourceId =
  '/subscriptions/6d3f1a52-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-01';

function download(id: string, more: Partial<Download> = {}): Download {
  return {
    id,
    sessionId: 's1',
    pointId: 'p1',
    resourceName: 'web-01',
    title: 'passwd',
    form: { kind: 'file' },
    target: { kind: 'path', path: '/home/anna/passwd', replace: false },
    state: 'waiting',
    createdAt: `2026-01-01T00:00:0${id.length}.000Z`,
    endedAt: null,
    totalBytes: 10,
    doneBytes: 0,
    totalFiles: 1,
    doneFiles: 0,
    bytesPerSecond: 0,
    secondsLeft: null,
    sha256: null,
    problems: [],
    renamed: [],
    error: null,
    ...more,
  };
}

function taken(id: string, more: Partial<TakenItem> = {}): TakenItem {
  return {
    id,
    time: '2026-01-01T00:00:00.000Z',
    by: 'anna',
    sessionId: 's1',
    pointId: 'p1',
    resourceId,
    resourceName: 'web-01',
    volumeId: 'disk0-part1',
    path: '/etc/passwd',
    way: 'saved',
    target: '/home/anna/passwd',
    files: 1,
    bytes: 10,
    sha256: null,
    outcome: 'done',
    ...more,
  };
}

const items = [{ volumeId: 'disk0-part1', path: '/etc/passwd' }];

describe('a database of version 1', () => {
  it('gets the new tables and keeps what it holds', () => {
    database.close();
    const old = join(directory.path, 'old.db');
    const raw = new DatabaseSync(old);
    raw.exec(firstTables.sql);
    raw.exec("PRAGMA user_version = 1; INSERT INTO settings VALUES ('installation-id', 'kept')");
    raw.close();
    database = openDatabase(old);
    expect(database.settings.get('installation-id')).toBe('kept');
    database.downloads.insert({ download: download('a'), items });
    database.takenItems.add([taken('t')]);
    expect(database.downloads.find('a')?.items).toEqual(items);
    expect(database.takenItems.list({ limit: 5 })).toHaveLength(1);
  });
});

describe('downloads', () => {
  it('are found again after a restart, with the states they were left in', () => {
    database.downloads.insert({ download: download('a'), items });
    database.downloads.insert({ download: download('bb', { sessionId: 's2' }), items });
    database.downloads.save(download('a', { state: 'running', doneBytes: 4, sessionId: 's3' }));
    database.close();
    database = openDatabase(file);
    expect(database.downloads.find('a')?.download).toMatchObject({ state: 'running', doneBytes: 4 });
    expect(database.downloads.inStates(['running', 'waiting']).map(({ download: { id } }) => id)).toEqual([
      'a',
      'bb',
    ]);
    expect(database.downloads.list({ limit: 10 }).map(({ id }) => id)).toEqual(['bb', 'a']);
    expect(database.downloads.list({ sessionId: 's3', limit: 10 }).map(({ id }) => id)).toEqual(['a']);
    database.downloads.remove('a');
    expect(database.downloads.find('a')).toBeNull();
  });

  it('that cannot be read are said to be damaged', () => {
    database.downloads.insert({ download: download('a'), items });
    const raw = new DatabaseSync(file);
    raw.exec(`UPDATE downloads SET document = json_set(document, '$.state', 'flying')`);
    raw.close();
    expect(() => database.downloads.find('a')).toThrow(expect.objectContaining({ code: 'damaged' }));
  });
});

describe('the record of what was taken', () => {
  it('is listed newest first, by session, by machine whatever the case, and in pages', () => {
    database.takenItems.add([
      taken('t1'),
      taken('t2', { time: '2026-01-02T00:00:00.000Z', sessionId: 's2' }),
      taken('t3', { time: '2026-01-03T00:00:00.000Z', resourceId: `${resourceId}x` }),
    ]);
    const ids = (filter: Parameters<typeof database.takenItems.list>[0]) =>
      database.takenItems.list(filter).map(({ id }) => id);
    expect(ids({ limit: 10 })).toEqual(['t3', 't2', 't1']);
    expect(ids({ limit: 10, sessionId: 's2' })).toEqual(['t2']);
    expect(ids({ limit: 10, resourceId: resourceId.toUpperCase() })).toEqual(['t2', 't1']);
    expect(ids({ limit: 1, before: '2026-01-03T00:00:00.000Z' })).toEqual(['t2']);
  });

  it('never tears apart what was taken at one time', () => {
    database.takenItems.add(['a', 'b', 'c'].map((id) => taken(id)));
    database.takenItems.add([taken('d', { time: '2026-01-02T00:00:00.000Z' })]);
    expect(database.takenItems.list({ limit: 2 })).toHaveLength(4);
    expect(database.takenItems.list({ limit: 1 })).toHaveLength(1);
  });

  it('is added whole or not at all', () => {
    expect(() => database.takenItems.add([taken('a'), taken('a')])).toThrow();
    expect(database.takenItems.list({ limit: 5 })).toEqual([]);
  });

  it('adds up a session', () => {
    database.takenItems.add([taken('a'), taken('b', { bytes: 32 }), taken('c', { sessionId: 's2' })]);
    expect(database.takenItems.totals('s1')).toEqual({ items: 2, bytes: 42 });
    expect(database.takenItems.totals('none')).toEqual({ items: 0, bytes: 0 });
  });

  it('holds every file of a folder with its hash, in pages by path', () => {
    const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
    const files = ['etc/b', 'etc/a', 'etc/ü'].map((path) => ({ path, bytes: 1, sha256: hashOf(path) }));
    database.takenItems.addFiles('t', files);
    database.takenItems.addFiles('t', [{ path: 'etc/a', bytes: 2, sha256: hashOf('new') }]);
    const first = database.takenItems.files('t', '', 2);
    expect(first).toEqual([
      { path: 'etc/a', bytes: 2, sha256: hashOf('new') },
      { path: 'etc/b', bytes: 1, sha256: hashOf('etc/b') },
    ]);
    expect(database.takenItems.files('t', 'etc/b', 2)).toEqual([
      { path: 'etc/ü', bytes: 1, sha256: hashOf('etc/ü') },
    ]);
    expect(database.takenItems.files('other', '', 2)).toEqual([]);
  });
});
