import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../host.ts';

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
};

export interface ManualClock extends Clock {
  /** Moves time on and lets what slept so long go on. */
  advance(milliseconds: number): Promise<void>;
}

/** Time stands still until a test moves it. */
export function manualClock(start = Date.UTC(2026, 0, 15, 12)): ManualClock {
  let now = start;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const sleeper = { until: now + milliseconds, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    async advance(milliseconds) {
      now += milliseconds;
      for (const sleeper of [...sleepers].filter(({ until }) => until <= now)) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await wait(0);
    },
  };
}

/** Sleeping takes no time but moves the clock, as a computer does that sleeps in between. */
export function instantClock(start = Date.UTC(2026, 0, 15, 12)): Clock {
  let now = start;
  return {
    now: () => now,
    async sleep(milliseconds, signal) {
      signal.throwIfAborted();
      now += milliseconds;
      await wait(0);
    },
  };
}

/** The computer's own clock, until `sleepThrough` makes it jump as it does when a laptop wakes up. */
export function jumpingClock(): Clock & { sleepThrough(milliseconds: number): void } {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    sleep: systemClock.sleep,
    sleepThrough(milliseconds) {
      ahead += milliseconds;
    },
  };
}
