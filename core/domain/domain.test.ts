import { describe, expect, it } from 'vitest';
import {
  chooseBase,
  isActive,
  mayBecome,
  newId,
  newUuid,
  protectionOf,
  secondsLeft,
  speedMeter,
} from './index.ts';

const gib = 1024 ** 3;

describe('the snapshot to compare with', () => {
  const disk = { resourceId: '/d', uniqueId: 'u1', sizeBytes: 4 * gib };
  const kept = { diskId: '/d', diskUniqueId: 'u1', sizeBytes: 4 * gib, snapshotId: '/s' };

  it('is the one kept by the last point', () => {
    expect(chooseBase(disk, kept, true)).toEqual({ mode: 'changed', snapshotId: '/s' });
  });

  it.each([
    ['first-backup', disk, undefined, false],
    ['disk-added', disk, undefined, true],
    ['disk-re-created', { ...disk, uniqueId: 'u2' }, kept, true],
    ['disk-resized', { ...disk, sizeBytes: 8 * gib }, kept, true],
  ] as const)('is none: %s', (reason, now, then, hasPoint) => {
    expect(chooseBase(now, then, hasPoint)).toEqual({ mode: 'full', reason });
  });
});

describe('the speed', () => {
  it('is the mean of the last ten seconds', () => {
    const meter = speedMeter();
    let speed = 0;
    for (let second = 0; second <= 30; second += 1)
      speed = meter.measure(second < 20 ? second * 100 : 2000 + (second - 20) * 1000, second * 1000);
    expect(speed).toBe(1000);
  });

  it('starts anew after the computer slept, the clock jumped back, or the work began again', () => {
    const meter = speedMeter();
    meter.measure(0, 0);
    expect(meter.measure(1000, 1000)).toBe(1000);
    expect(meter.measure(2000, 8 * 3_600_000)).toBe(0);
    expect(meter.measure(3000, 1000)).toBe(0);
    expect(meter.measure(10, 1500)).toBe(0);
    expect(meter.measure(510, 2500)).toBe(500);
  });

  it('tells the time left only when it can', () => {
    expect(secondsLeft(1000, 500, 100)).toBe(5);
    expect(secondsLeft(1000, 2000, 100)).toBe(0);
    expect(secondsLeft(1000, 500, 0)).toBeNull();
    expect(secondsLeft(0, 0, 100)).toBeNull();
  });
});

describe('a session', () => {
  it('never changes once it has ended', () => {
    for (const ended of ['succeeded', 'failed', 'cancelled'] as const) {
      expect(isActive(ended)).toBe(false);
      expect(mayBecome(ended, 'running')).toBe(false);
    }
    expect(mayBecome('running', 'cancelling')).toBe(true);
    expect(mayBecome('cancelling', 'running')).toBe(false);
  });
});

describe('protection', () => {
  const point = (takenAt: string, state: 'ok' | 'missing' = 'ok') => ({ takenAt, state });
  const session = (id: string, state: 'failed' | 'succeeded' | 'running', createdAt: string) => ({
    id,
    kind: 'backup' as const,
    state,
    createdAt,
  });

  it('counts good points and shows the running and the last failed session', () => {
    const points = [point('2026-01-02'), point('2026-01-03', 'missing'), point('2026-01-01')];
    const sessions = [session('a', 'failed', '2026-01-02'), session('b', 'running', '2026-01-03')];
    expect(protectionOf(null, points, sessions)).toEqual({
      state: 'protected',
      reason: null,
      points: 2,
      lastPointAt: '2026-01-02',
      runningSessionId: 'b',
      lastFailedSessionId: 'a',
    });
  });

  it('forgets a failure after a success, and tells why a machine cannot be protected', () => {
    const sessions = [session('a', 'failed', '2026-01-01'), session('b', 'succeeded', '2026-01-02')];
    expect(protectionOf(null, [], sessions)).toMatchObject({
      state: 'unprotected',
      lastFailedSessionId: null,
    });
    expect(protectionOf('No disks.', [], [])).toMatchObject({ state: 'not-supported', reason: 'No disks.' });
  });
});

describe('identifiers', () => {
  it('fit into names of Azure and into UUID columns', () => {
    const random = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 37 + 200) & 0xff);
    expect(newId(random)).toMatch(/^[a-z2-7]{16}$/);
    expect(newUuid(random)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
