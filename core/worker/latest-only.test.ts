import { expect, test } from 'vitest';
import { inFlight } from './in-flight.ts';
import { latestOnly } from './latest-only.ts';

test('what is overtaken is never sent, and the last is always sent', async () => {
  const sent: number[] = [];
  const waits: (() => void)[] = [];
  const outlet = latestOnly<number>(
    async (value) => {
      sent.push(value);
    },
    {
      pauseMs: 1000,
      sleep: (_ms, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          waits.push(resolve);
          signal.addEventListener('abort', () => resolve());
        }),
    },
  );
  outlet.offer(1);
  await Promise.resolve();
  outlet.offer(2);
  outlet.offer(3);
  expect(sent).toEqual([1]);
  const flushed = outlet.flush();
  for (const end of waits) end();
  await flushed;
  expect(sent).toEqual([1, 3]);
});

test('at most so many run at once, and the first failure is told after the others have ended', async () => {
  let running = 0;
  let most = 0;
  let ended = 0;
  const work = async (item: number): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running -= 1;
    ended += 1;
    if (item === 5) throw new Error('five');
  };
  await expect(inFlight([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 3, work)).rejects.toThrow('five');
  expect(most).toBe(3);
  expect(running).toBe(0);
  expect(ended).toBeLessThan(12);
});
