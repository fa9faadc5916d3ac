import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type Session } from '../../contract/index.ts';
import { type Database, openDatabase } from '../../db/index.ts';
import { createFileService, openFilesThread } from '../../files/index.ts';
import {
  type ManualClock,
  manualClock,
  systemClock,
  temporaryDirectory,
  testHost,
} from '../../testing/index.ts';
import type { OrchestratorContext } from '../context.ts';
import { createEventHub } from '../events.ts';
import { createSessionRunner, defineProgram, type SessionRunner } from '../sessions/index.ts';
import { createFileRecoveryService, type FileRecoveryService } from './file-recovery-service.ts';
import { createLiveRecoveries } from './live-recoveries.ts';
import { recoveryProgram } from './recovery-program.ts';
import type { FileRoadOpener, OpenedFiles, RoadRequest } from './road.ts';
import { storedPoint, storedRepository } from './testing/stored-estate.ts';

/** The session's life, on a road whose restore points are machines without disks; time is the test's. */

let directory: ReturnType<typeof temporaryDirectory>;
let database: Database;
let clock: ManualClock;
let road: TestRoad;
let runner: SessionRunner;
let files: FileRecoveryService;

interface TestRoad extends FileRoadOpener {
  readonly opened: RoadRequest[];
  readonly removed: string[];
  /** Of those that are open now. */
  readonly lost: AbortController[];
  extended: number;
  fail: AppError | null;
  /** Opening waits for it. */
  gate: Promise<void>;
  /** Reads on a thread, as the real roads do. */
  onThread: boolean;
}

function testRoad(): TestRoad {
  const made: TestRoad = {
    opened: [],
    removed: [],
    lost: [],
    extended: 0,
    fail: null,
    gate: Promise.resolve(),
    onThread: false,
    async open(request, signal) {
      made.opened.push(request);
      await Promise.race([
        made.gate,
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      ]);
      if (made.fail) throw made.fail;
      return openedWithoutDisks(made);
    },
    async remove({ sessionId }) {
      made.removed.push(sessionId);
    },
  };
  return made;
}

function openedWithoutDisks(made: TestRoad): OpenedFiles {
  const source = { kind: 'disks', disks: [] } as const;
  const service = made.onThread ? openFilesThread({ source }) : createFileService(source);
  const lost = new AbortController();
  made.lost.push(lost);
  const refuse = async (): Promise<never> => {
    throw new AppError('not-supported', { message: 'no links' });
  };
  return {
    service,
    worker: null,
    lost: lost.signal,
    shares: () => [],
    share: refuse,
    unshare: refuse,
    extended: () => {
      made.extended += 1;
    },
    async close() {
      made.lost.splice(made.lost.indexOf(lost), 1);
      await service.close();
    },
  };
}

beforeEach(() => {
  directory = temporaryDirectory();
  database = openDatabase(`${directory.path}/cairn.db`);
  database.repositories.put(storedRepository);
  for (let index = 0; index < 9; index += 1) database.points.put(storedPoint(`p${index}`), null, []);
  clock = manualClock();
  road = testRoad();
  startCore();
});
afterEach(async () => {
  await stopCore();
  database.close();
  directory.remove();
});

function startCore(): void {
  const context: OrchestratorContext = {
    host: testHost({ dataDirectory: directory.path, clock }),
    database,
    events: createEventHub((error) => {
      throw error;
    }),
    installationId: 'i',
    connectionOptions: {},
  };
  const openers = { direct: road, worker: road };
  const recoveries = createLiveRecoveries({ context, openers });
  runner = createSessionRunner({
    database,
    events: context.events,
    clock,
    random: context.host.random,
    programs: [defineProgram(recoveryProgram({ recoveries, totals: database.takenItems.totals }))],
    concurrency: 1,
    stepPauses: [1000],
    onEnded: () => undefined,
    onBroken: (error) => {
      throw error;
    },
  });
  const provePoint = async () => undefined;
  files = createFileRecoveryService({ context, sessions: runner, recoveries, openers, provePoint });
}

async function stopCore(): Promise<void> {
  await runner.close();
  await files.shutDown();
}

function open(pointId = 'p0', idleMinutes = 10): string {
  return files.open({ pointId, road: 'direct', source: 'repository', idleMinutes });
}

async function openNow(pointId?: string, idleMinutes?: number): Promise<string> {
  const sessionId = open(pointId, idleMinutes);
  await expect.poll(() => files.get(sessionId).state, { timeout: 5000 }).toBe('open');
  return sessionId;
}

/** Time passes in steps, as it does for something that looks at the clock now and then. */
async function minutes(count: number): Promise<void> {
  for (let passed = 0; passed < count * 4; passed += 1) {
    await clock.advance(15_000);
    await systemClock.sleep(0, AbortSignal.timeout(1000));
  }
}

async function ended(sessionId: string): Promise<Session> {
  await expect.poll(() => runner.find(sessionId)?.endedAt ?? null, { timeout: 8000 }).not.toBeNull();
  const session = runner.find(sessionId);
  if (!session) throw new Error('not stored');
  return session;
}

describe('an open restore point', () => {
  it('closes itself when nobody has used it for its idle time, and leaves nothing', async () => {
    road.onThread = true;
    const sessionId = await openNow();
    await minutes(9);
    expect(files.get(sessionId).state).toBe('open');
    await minutes(2);
    expect(await ended(sessionId)).toMatchObject({ state: 'succeeded', result: { items: 0, bytes: 0 } });
    expect(road.lost).toEqual([]);
    expect(road.removed).toEqual([sessionId]);
    expect(files.get(sessionId)).toMatchObject({
      state: 'closed',
      volumes: null,
    });
    expect(files.opened()).toEqual([]);
  });

  it('stays open as long as it is used', async () => {
    const sessionId = await openNow();
    for (let uses = 0; uses < 5; uses += 1) {
      await minutes(8);
      await files.use(sessionId).service.volumes(AbortSignal.timeout(5000));
    }
    expect(files.get(sessionId).state).toBe('open');
    expect(road.extended).toBeGreaterThan(4);
  });

  it('stays open as long as it was extended, and closes when it is asked to', async () => {
    const sessionId = await openNow();
    const closesAt = files.extend(sessionId, 60);
    expect(Date.parse(closesAt)).toBe(clock.now() + 3_600_000);
    await minutes(50);
    expect(files.get(sessionId)).toMatchObject({ state: 'open', closesAt });
    files.close(sessionId);
    expect(() => files.use(sessionId)).toThrow('being closed');
    expect((await ended(sessionId)).state).toBe('succeeded');
  });

  it('is opened again when what served it is lost, and not for ever', async () => {
    const sessionId = await openNow();
    for (let losses = 1; losses <= 10; losses += 1) {
      road.lost[0]?.abort(new AppError('worker-lost', { message: 'The thread died.' }));
      await expect.poll(() => road.opened.length, { timeout: 5000 }).toBe(losses + 1);
      await expect.poll(() => files.get(sessionId).state, { timeout: 5000 }).toBe('open');
    }
    road.lost[0]?.abort(new AppError('worker-lost', { message: 'The thread died.' }));
    expect(await ended(sessionId)).toMatchObject({ state: 'failed', error: { code: 'worker-lost' } });
    expect(files.get(sessionId)).toMatchObject({ state: 'failed', error: { message: 'The thread died.' } });
    expect(road.removed).toEqual([sessionId]);
  });

  it('does not take the place of sessions that move data, up to a number', async () => {
    const all = await Promise.all(['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'].map((id) => openNow(id)));
    expect(new Set(all).size).toBe(8);
    expect(() => open('p0')).toThrow('8 restore points are open already.');
    expect(open('p1')).toBe(all[0]);
  });
});

describe('opening', () => {
  it('says what it does, can be given up, and removes what it had begun', async () => {
    road.gate = new Promise(() => undefined);
    const sessionId = open();
    await expect.poll(() => road.opened.length).toBe(1);
    road.opened[0]?.onActivity('Starting a worker.');
    expect(files.get(sessionId)).toMatchObject({
      state: 'opening',
      activity: 'Starting a worker.',
      volumes: null,
    });
    expect(() => files.use(sessionId)).toThrow('still being opened');
    files.close(sessionId);
    expect((await ended(sessionId)).state).toBe('succeeded');
    expect(road.removed).toEqual([sessionId]);
  });

  it('is tried again when the reason may pass, and then fails with it', async () => {
    road.fail = new AppError('unreachable', { message: 'No answer.', retryable: true });
    const sessionId = open();
    await expect.poll(() => road.opened.length).toBe(1);
    await clock.advance(1000);
    expect(await ended(sessionId)).toMatchObject({ state: 'failed', error: { code: 'unreachable' } });
    expect(road.opened).toHaveLength(2);
    expect(road.removed).toEqual([sessionId]);
  });

  it('of what cannot be opened is refused at once', () => {
    expect(() => open('nope')).toThrow('no such restore point');
    database.points.setState('p0', 'missing');
    expect(() => open('p0')).toThrow('not in its repository any more');
  });
});

describe('after a restart of core', () => {
  it('it is open again in the same session', async () => {
    const sessionId = await openNow();
    await stopCore();
    expect(road.lost).toEqual([]);
    expect(road.removed).toEqual([]);
    startCore();
    runner.resume();
    await expect.poll(() => files.get(sessionId).state, { timeout: 5000 }).toBe('open');
    expect(road.opened.map((request) => request.sessionId)).toEqual([sessionId, sessionId]);
  });

  it('it ends cleanly, without being opened, when its time is over', async () => {
    const sessionId = await openNow();
    await stopCore();
    await clock.advance(3_600_000);
    startCore();
    runner.resume();
    expect((await ended(sessionId)).state).toBe('succeeded');
    expect(road.opened).toHaveLength(1);
    expect(road.removed).toEqual([sessionId]);
  });
});
