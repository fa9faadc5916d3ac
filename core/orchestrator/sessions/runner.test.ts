import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError, type CoreEvent } from '../../contract/index.ts';
import { type Database, openDatabase } from '../../db/index.ts';
import {
  instantClock,
  manualClock,
  seededRandom,
  systemClock,
  temporaryDirectory,
} from '../../testing/index.ts';
import type { Program, Run } from '../../workloads/index.ts';
import { createEventHub } from '../events.ts';
import { createSessionRunner, defineProgram, type SessionRunner, type StartRequest } from './index.ts';

const inputSchema = z.object({ name: z.string() });
const memorySchema = z.object({ done: z.array(z.string()).default([]) });
type Input = z.infer<typeof inputSchema>;
type Memory = z.infer<typeof memorySchema>;
type Step = (run: Run<Input, Memory>) => Promise<void>;

let directory: ReturnType<typeof temporaryDirectory>;
let database: Database;
let runner: SessionRunner;
let events: CoreEvent[];

beforeEach(() => {
  directory = temporaryDirectory();
  database = openDatabase(join(directory.path, 'cairn.db'));
  events = [];
});
afterEach(async () => {
  await runner.close();
  database.close();
  directory.remove();
});

/** A runner for sessions of three steps, as a new core would make it over the same database. */
function start(
  steps: Readonly<Record<string, Step>>,
  options: { cleanUp?: Step; clock?: typeof systemClock; concurrency?: number; random?: string } = {},
): SessionRunner {
  const hub = createEventHub(() => undefined);
  hub.subscribe((event) => events.push(event));
  const program: Program<Input, Memory> = {
    kind: 'backup',
    workload: null,
    inputSchema,
    memorySchema,
    steps: () => Object.entries(steps).map(([key, run]) => ({ key, title: key, run })),
    cleanUp: options.cleanUp ?? (async () => undefined),
    result: () => ({ kind: 'backup', pointId: 'p' }),
  };
  runner = createSessionRunner({
    database,
    events: hub,
    clock: options.clock ?? systemClock,
    random: seededRandom(options.random),
    programs: [defineProgram(program)],
    concurrency: options.concurrency ?? 2,
    stepPauses: [10, 20],
    onEnded: () => undefined,
    onBroken: (error) => {
      throw error;
    },
  });
  return runner;
}

function request(name: string): StartRequest {
  return {
    kind: 'backup',
    title: name,
    input: { name },
    exclusiveKey: `vm|${name}`,
    busyMessage: `${name} is busy.`,
  };
}

/** Remembers that it ran. */
const mark =
  (key: string): Step =>
  async (run) =>
    run.remember({ done: [...run.memory.done, key] });

function never(run: Run<Input, Memory>): Promise<void> {
  return new Promise((_, reject) => {
    run.signal.addEventListener('abort', () => reject(run.signal.reason));
  });
}

const stored = (id: string) => database.sessions.find(id);

describe('a session', () => {
  it('runs its steps in order and succeeds', async () => {
    const { id } = start({ one: mark('one'), two: mark('two') }).start(request('web'));
    await runner.idle();
    expect(stored(id)).toMatchObject({
      memory: { done: ['one', 'two'] },
      session: { state: 'succeeded', result: { pointId: 'p' }, error: null },
    });
    expect(stored(id)?.session.steps.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('fails with the reason of the step, after cleaning up, and shows the rest as skipped', async () => {
    const cleaned: string[] = [];
    start(
      {
        one: mark('one'),
        two: async () => {
          throw new AppError('quota-exceeded', { message: 'No quota.', hint: 'Ask.' });
        },
        three: mark('three'),
      },
      { cleanUp: async (run) => void cleaned.push(...run.memory.done) },
    );
    const { id } = runner.start(request('web'));
    await runner.idle();
    expect(cleaned).toEqual(['one']);
    expect(stored(id)?.session).toMatchObject({ state: 'failed', error: { code: 'quota-exceeded' } });
    expect(stored(id)?.session.steps.map(({ state }) => state)).toEqual(['done', 'failed', 'skipped']);
    expect(database.log.list(id, 0).at(-1)?.text).toBe('No quota. Ask.');
  });

  it('tries a step again when the reason may pass, and gives up after the last pause', async () => {
    let tries = 0;
    start(
      {
        one: async () => {
          tries += 1;
          throw new AppError('unreachable', { message: 'No answer.', retryable: true });
        },
      },
      { clock: instantClock() },
    );
    const { id } = runner.start(request('web'));
    await runner.idle();
    expect(tries).toBe(3);
    expect(stored(id)?.session.error?.code).toBe('unreachable');
  });

  it('survives a computer that sleeps for days between two tries', async () => {
    const clock = manualClock();
    let tries = 0;
    start(
      {
        one: async () => {
          tries += 1;
          if (tries < 3) throw new AppError('unreachable', { message: 'No answer.', retryable: true });
        },
      },
      { clock },
    );
    const { id } = runner.start(request('web'));
    for (let day = 0; day < 3; day += 1) {
      await systemClock.sleep(5, AbortSignal.timeout(1000));
      await clock.advance(86_400_000);
    }
    await runner.idle();
    expect(stored(id)?.session.state).toBe('succeeded');
  });

  it('is refused while another one works on the same resource, and not afterwards', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    start({ one: () => gate });
    const { id } = runner.start(request('web'));
    expect(() => runner.start(request('web'))).toThrow('web is busy.');
    expect(() => runner.start(request('db'))).not.toThrow();
    open();
    await runner.idle();
    expect(stored(id)?.session.state).toBe('succeeded');
    expect(() => runner.start(request('web'))).not.toThrow();
  });

  it('waits until there is room', async () => {
    let most = 0;
    let now = 0;
    const step: Step = async () => {
      now += 1;
      most = Math.max(most, now);
      await systemClock.sleep(5, AbortSignal.timeout(1000));
      now -= 1;
    };
    start({ one: step }, { concurrency: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) runner.start(request(name));
    await runner.idle();
    expect(most).toBe(2);
    expect(database.sessions.list({ limit: 9 }).every(({ state }) => state === 'succeeded')).toBe(true);
  });
});

describe('cancelling', () => {
  it('stops the step, cleans up and ends as cancelled', async () => {
    let cleaned = false;
    start(
      { one: mark('one'), two: never },
      {
        cleanUp: async (run) => {
          cleaned = !run.signal.aborted;
        },
      },
    );
    const { id } = runner.start(request('web'));
    await systemClock.sleep(10, AbortSignal.timeout(1000));
    runner.cancel(id);
    expect(runner.find(id)?.state).toBe('cancelling');
    await runner.idle();
    expect(cleaned).toBe(true);
    expect(stored(id)?.session).toMatchObject({ state: 'cancelled', error: null });
  });

  it('of a waiting session runs none of its steps', async () => {
    start({ one: mark('one') }, { concurrency: 1 });
    const { id } = runner.start(request('web'));
    runner.cancel(id);
    await runner.idle();
    expect(stored(id)).toMatchObject({ memory: {}, session: { state: 'cancelled' } });
  });
});

describe('after a restart', () => {
  it('goes on from the last finished step, with what it remembered', async () => {
    start({ one: mark('one'), two: never });
    const { id } = runner.start(request('web'));
    await systemClock.sleep(10, AbortSignal.timeout(1000));
    await runner.close();
    expect(stored(id)?.session.state).toBe('running');
    start({ one: mark('one'), two: mark('two') });
    runner.resume();
    await runner.idle();
    expect(stored(id)).toMatchObject({
      memory: { done: ['one', 'two'] },
      session: { state: 'succeeded' },
    });
    expect(database.log.list(id, 0).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('goes on from its last finished step'),
    );
  });

  it('finishes a clean-up that was interrupted, and does not run its steps again', async () => {
    const failing: Step = async () => {
      throw new AppError('worker-failed', { message: 'Broken.' });
    };
    start({ one: failing }, { cleanUp: never });
    const { id } = runner.start(request('web'));
    await systemClock.sleep(10, AbortSignal.timeout(1000));
    await runner.close();
    let cleaned = 0;
    start(
      { one: mark('one') },
      {
        cleanUp: async () => {
          cleaned += 1;
        },
      },
    );
    runner.resume();
    await runner.idle();
    expect(cleaned).toBe(1);
    expect(stored(id)).toMatchObject({
      memory: {},
      session: { state: 'failed', error: { code: 'worker-failed' } },
    });
  });

  it('ends a session whose stored input it cannot read with a reason', async () => {
    start({ one: never });
    const { id } = runner.start(request('web'));
    await systemClock.sleep(10, AbortSignal.timeout(1000));
    await runner.close();
    const record = stored(id);
    if (!record) throw new Error('not stored');
    start({ one: mark('one') });
    database.sessions.remember(id, { done: 'not a list' });
    runner.resume();
    await runner.idle();
    expect(stored(id)?.session).toMatchObject({ state: 'failed', error: { code: 'damaged' } });
  });
});

describe('progress', () => {
  it('is told at most four times a second, and the last word is never lost', async () => {
    const clock = manualClock();
    start(
      {
        one: async (run) => {
          for (let done = 1; done <= 100; done += 1) {
            run.progress({ totalBytes: 1000, doneBytes: done * 10, storedBytes: done });
            await clock.advance(10);
          }
        },
      },
      { clock },
    );
    runner.start(request('web'));
    await runner.idle();
    const told = events.filter((event) => event.type === 'session.progress');
    expect(told.length).toBeLessThanOrEqual(7);
    expect(told.at(-1)).toMatchObject({ state: 'succeeded', progress: { doneBytes: 1000 } });
  });
});
