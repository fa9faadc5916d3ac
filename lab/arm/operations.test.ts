import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DiskError } from '../disks/index.ts';
import { ArmError } from './arm-error.ts';
import { createOperations, type OperationStart, retryAfter, type Timing } from './operations.ts';

const signal = new AbortController().signal;

function open(timing: Partial<Timing> = {}) {
  const defects: unknown[] = [];
  const operations = createOperations({
    now: () => 0,
    newId: randomUUID,
    timing: { operationMs: 1, retryAfterMs: 1, holdPollMs: 5000, ...timing },
    onDefect: (error) => defects.push(error),
  });
  const run = async (start: Partial<OperationStart>) => {
    const { id } = operations.start({ kind: 'k', resourceId: '/R', work: async () => undefined, ...start });
    return operations.poll(id, signal);
  };
  return { operations, defects, run };
}

describe('operations', () => {
  it('commit at their end, in one step with their success', async () => {
    const { operations, run } = open({ operationMs: 30 });
    let committed = false;
    const work = async () => () => {
      committed = true;
      return { made: 1 };
    };
    const done = run({ work });
    await sleep(5);
    expect([committed, operations.busy('/r')]).toEqual([false, true]);
    expect(await done).toMatchObject({ status: 'Succeeded', output: { made: 1 } });
    expect([committed, operations.busy('/r')]).toEqual([true, false]);
  });

  it('fail with the words of whoever refused, after giving back', async () => {
    const { defects, run } = open();
    const undone: string[] = [];
    const undo = async (error: ArmError) => {
      undone.push(error.code);
    };
    const failing = (error: Error) => ({ undo, work: () => Promise.reject(error) });
    expect(await run(failing(new ArmError(409, 'Refused', 'no')))).toMatchObject({
      status: 'Failed',
      error: { code: 'Refused' },
    });
    expect(await run(failing(new DiskError('InvalidVhd', 'no footer')))).toMatchObject({
      error: { code: 'InvalidVhd' },
    });
    expect(await run({ undo, failure: { code: 'AllocationFailed', message: 'none left' } })).toMatchObject({
      error: { code: 'AllocationFailed' },
    });
    expect(defects).toEqual([]);
    expect(await run(failing(new Error('bug')))).toMatchObject({ error: { code: 'InternalServerError' } });
    expect(defects).toHaveLength(1);
    expect(undone).toEqual(['Refused', 'InvalidVhd', 'AllocationFailed', 'InternalServerError']);
  });

  it('give way to a newer one on the same resource', async () => {
    const { operations } = open({ operationMs: 60_000 });
    const { id } = operations.start({ kind: 'k', resourceId: '/R', work: async () => undefined });
    const other = operations.start({ kind: 'k', resourceId: '/other', work: async () => undefined });
    await operations.preempt('/r');
    expect(operations.get(id)).toMatchObject({ status: 'Failed', error: { code: 'OperationPreempted' } });
    expect(operations.get(other.id)).toMatchObject({ status: 'InProgress' });
    expect(operations.runningOn('k')).toEqual(new Set(['/other']));
    await operations.close();
  });

  it('answer polls at once unless asked to hold them', async () => {
    const { operations } = open({ operationMs: 60_000, holdPollMs: 0 });
    const { id } = operations.start({ kind: 'k', resourceId: '/R', work: async () => undefined });
    expect(await operations.poll(id, signal)).toMatchObject({ status: 'InProgress' });
    await operations.close();
  });
});

describe('Retry-After', () => {
  it('is seconds, or a date with milliseconds for less than one', () => {
    expect(retryAfter(2000)).toBe('2');
    const date = retryAfter(300);
    expect(date).toMatch(/\d\d:\d\d:\d\d\.\d{3} GMT$/);
    expect(Math.abs(Date.parse(date) - Date.now() - 300)).toBeLessThan(250);
  });
});
