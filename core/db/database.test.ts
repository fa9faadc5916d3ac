import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type Session } from '../contract/index.ts';
import { temporaryDirectory } from '../testing/index.ts';
import { type Database, openDatabase, type PointRecord } from './index.ts';

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

function reopen(): void {
  database.close();
  database = openDatabase(file);
}

function errorOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the file', () => {
  it('uses a write-ahead log and full synchronisation', () => {
    const raw = new DatabaseSync(file);
    expect(raw.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    raw.close();
  });

  it('is opened again with everything in it', () => {
    database.settings.set('synced-at', '2026-01-01T00:00:00.000Z');
    reopen();
    expect(database.settings.get('synced-at')).toBe('2026-01-01T00:00:00.000Z');
  });

  it('refuses a database of a newer Cairn and leaves it as it is', () => {
    database.close();
    const raw = new DatabaseSync(file);
    const newest = raw.prepare('PRAGMA user_version').get()?.['user_version'];
    raw.exec('PRAGMA user_version = 999');
    raw.close();
    const error = errorOf(() => openDatabase(file));
    expect(error).toMatchObject({ code: 'not-supported', details: { found: '999' } });
    expect(error.hint).not.toBe('');
    const after = new DatabaseSync(file);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 999 });
    after.exec(`PRAGMA user_version = ${newest}`);
    after.close();
    database = openDatabase(file);
  });

  it('says that a file is not a database', () => {
    const other = join(directory.path, 'other.db');
    writeFileSync(
      other,
      'this is certainly not a database file, but long enough to look like one'.repeat(20),
    );
    expect(errorOf(() => openDatabase(other)).code).toBe('damaged');
    expect(readFileSync(other, 'utf8')).toContain('not a database');
  });

  it('says that a folder cannot be written', () => {
    expect(errorOf(() => openDatabase(join(directory.path, 'none', 'cairn.db'))).code).toBe(
      'permission-denied',
    );
  });
});

describe('rows', () => {
  it('are refused when they do not fit their shape', () => {
    putAccount('a1');
    const raw = new DatabaseSync(file);
    raw.exec(`UPDATE accounts SET document = json_set(document, '$.kind', 'martian')`);
    raw.close();
    expect(errorOf(() => database.accounts.list())).toMatchObject({
      code: 'damaged',
      details: { record: 'account' },
    });
  });

  it('roll back together', () => {
    expect(() =>
      database.transaction(() => {
        database.settings.set('synced-at', 'x');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(database.settings.get('synced-at')).toBeNull();
  });

  it('of machines go with their account', () => {
    putAccount('a1');
    database.subscriptions.replace('a1', [subscription('a1')]);
    database.machines.replace('a1', subscription('a1').id, [machine('a1', 'web-01')]);
    expect(database.machines.find(machine('a1', 'WEB-01').resourceId)?.name).toBe('web-01');
    database.accounts.remove('a1');
    expect(database.machines.list()).toEqual([]);
    expect(database.subscriptions.list()).toEqual([]);
  });
});

describe('sessions', () => {
  it('keep steps, memory and outcome over a restart, and their key while they are active', () => {
    database.sessions.insert(record('s1', 'running'));
    database.sessions.remember('s1', { found: 3 });
    const outcome = {
      state: 'failed' as const,
      error: new AppError('timeout', { message: 'Too slow.' }).toRecord(),
    };
    database.sessions.setOutcome('s1', outcome);
    reopen();
    expect(database.sessions.find('s1')).toMatchObject({ memory: { found: 3 }, outcome });
    expect(database.sessions.unfinished().map(({ session }) => session.id)).toEqual(['s1']);
    expect(database.sessions.holder('vm|one')?.id).toBe('s1');
    const { session } = record('s1', 'failed');
    database.sessions.save(session);
    expect(database.sessions.holder('vm|one')).toBeNull();
    expect(database.sessions.unfinished()).toEqual([]);
  });

  it('are listed newest first and filtered', () => {
    for (const id of ['s1', 's2', 's3'])
      database.sessions.insert(record(id, id === 's2' ? 'running' : 'failed'));
    expect(database.sessions.list({ limit: 2 }).map(({ id }) => id)).toEqual(['s3', 's2']);
    expect(database.sessions.list({ limit: 9, active: true }).map(({ id }) => id)).toEqual(['s2']);
    expect(database.sessions.list({ limit: 9, active: false }).map(({ id }) => id)).toEqual(['s3', 's1']);
    expect(database.sessions.list({ limit: 9, kind: 'restore' })).toEqual([]);
  });

  it('number their log entries from one', () => {
    database.sessions.insert(record('s1', 'running'));
    for (const text of ['a', 'b', 'c'])
      database.log.append('s1', { time: '2026-01-01T00:00:00.000Z', level: 'info', text, details: {} });
    expect(database.log.list('s1', 1).map(({ seq, text }) => `${seq}${text}`)).toEqual(['2b', '3c']);
  });
});

describe('points', () => {
  beforeEach(() => {
    database.repositories.put(repository('r1', 'one'));
    database.repositories.put(repository('r2', 'two'));
  });

  it('give the newest good one with its snapshots', () => {
    const kept = [{ index: 0, diskId: '/d', diskUniqueId: 'u', sizeBytes: 1, snapshotId: '/s' }];
    database.points.put(point('p1', 'r1', '2026-01-01T00:00:00.000Z'), {}, kept);
    database.points.put(point('p2', 'r1', '2026-01-02T00:00:00.000Z'), { a: 1 }, []);
    database.points.put(point('p3', 'r2', '2026-01-03T00:00:00.000Z'), {}, []);
    database.points.setState('p2', 'missing');
    expect(database.points.latest(vmId.toUpperCase(), 'r1')).toMatchObject({ point: { id: 'p1' }, kept });
    expect(database.points.configuration('p2')).toEqual({ a: 1 });
    expect(database.points.list({ repositoryId: 'r1' }).map(({ id }) => id)).toEqual(['p2', 'p1']);
    expect(database.points.totals('r1')).toEqual({
      points: 2,
      resources: 1,
      storedBytes: 20,
      lastPointAt: '2026-01-02T00:00:00.000Z',
    });
  });

  it('are forgotten with their repository, whose folder is then free', () => {
    database.points.put(point('p1', 'r1', '2026-01-01T00:00:00.000Z'), {}, []);
    expect(errorOf(() => database.repositories.put(repository('r9', 'one'))).code).toBe('already-exists');
    database.repositories.remove('r1');
    expect(database.points.find('p1')).toBeNull();
    database.repositories.put(repository('r9', 'one'));
  });
});

describe('the ledger', () => {
  const entry = { resourceId: '/Sub/Disk', sessionId: 's1', accountId: 'a1', kind: 'disk' };

  it('lists what a session must remove, newest first, and never what is kept', () => {
    database.ledger.intend(entry);
    database.ledger.intend({ ...entry, resourceId: '/sub/vm' });
    database.ledger.keep('/SUB/DISK');
    database.ledger.intend(entry);
    expect(database.ledger.intendedBy('s1').map(({ resourceId }) => resourceId)).toEqual(['/sub/vm']);
    expect(database.ledger.kept()).toHaveLength(1);
    database.ledger.release({ ...entry, sessionId: 's2' });
    expect(database.ledger.intendedBy('s2').map(({ resourceId }) => resourceId)).toEqual(['/Sub/Disk']);
    database.ledger.forget('/sub/disk');
    expect(database.ledger.find('/Sub/Disk')).toBeNull();
  });
});

const subscriptionId = '11111111-1111-4111-8111-111111111111';
const vmId = `/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web-01`;

function putAccount(id: string): void {
  database.accounts.put({
    id,
    name: id,
    kind: 'service-principal',
    tenantId: 't',
    principal: 'p',
    state: 'ready',
    addedAt: '2026-01-01T00:00:00.000Z',
    secretKey: `account/${id}`,
    credential: 'secret',
    homeAccountId: null,
  });
}

function subscription(accountId: string) {
  return { accountId, id: subscriptionId, name: 'Production' };
}

function machine(accountId: string, name: string) {
  return {
    resourceId: vmId.replace('web-01', name),
    name,
    accountId,
    subscriptionId,
    subscriptionName: 'Production',
    resourceGroup: 'g',
    region: 'westeurope',
    zone: null,
    size: 'Standard_B2s',
    os: 'linux' as const,
    power: 'running' as const,
    disks: [],
    diskBytes: 0,
    tags: {},
    refusal: null,
  };
}

function record(id: string, state: Session['state']) {
  const session: Session = {
    id,
    kind: 'backup',
    state,
    title: 'Back up web-01',
    resourceId: vmId,
    resourceName: 'web-01',
    repositoryId: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    endedAt: null,
    steps: [{ key: 'one', title: 'One', state: 'waiting', startedAt: null, endedAt: null }],
    progress: null,
    error: null,
    result: null,
  };
  return { session, exclusiveKey: 'vm|one', input: { a: 1 }, memory: {}, outcome: null };
}

function repository(id: string, folder: string) {
  const storageAccountId = `/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/store`;
  return {
    id,
    name: id,
    accountId: 'a1',
    storageAccountId,
    storageAccountName: 'store',
    region: 'westeurope',
    container: 'backups',
    folder,
    encrypted: true,
    state: 'ready' as const,
    addedAt: '2026-01-01T00:00:00.000Z',
    engineId: 'e',
    secretKey: null,
    account: {
      id: storageAccountId,
      name: 'store',
      region: 'westeurope',
      kind: 'StorageV2',
      sku: 'Standard_LRS',
      blobEndpoint: 'https://store.example/',
      queueEndpoint: 'https://store.example/',
      tags: {},
      refusal: null,
    },
  };
}

function point(id: string, repositoryId: string, takenAt: string): PointRecord {
  return {
    id,
    kind: 'backup',
    workload: 'azure-vm',
    resourceId: vmId,
    resourceName: 'web-01',
    region: 'westeurope',
    repositoryId,
    takenAt,
    mode: 'full',
    state: 'ok',
    disks: [],
    diskBytes: 100,
    readBytes: 50,
    storedBytes: 10,
    sessionId: null,
  };
}
