import { expect, it } from 'vitest';
import { oneAhead } from './one-ahead.ts';

it('gives all values, makes one more than is taken, and tells the source when taking ends', async () => {
  let made = 0;
  let ended = false;
  async function* numbers(): AsyncGenerator<number> {
    try {
      while (made < 5) yield made++;
    } finally {
      ended = true;
    }
  }
  for await (const number of oneAhead(numbers())) {
    await new Promise((resolve) => setImmediate(resolve));
    expect(made).toBe(Math.min(5, number + 2));
    if (number === 3) break;
  }
  expect(ended).toBe(true);
});

it('passes a failure on when its value is asked for', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    throw new Error('no more');
  }
  const values = oneAhead(failing());
  expect((await values.next()).value).toBe(1);
  await expect(values.next()).rejects.toThrow('no more');
});
