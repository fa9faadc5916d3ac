import { expect, test } from 'vitest';
import { sureDelivery } from './sure-delivery.ts';

test('messages arrive in their order, however often each is refused', async () => {
  const taken: string[] = [];
  let tries = 0;
  const delivery = sureDelivery<string>({
    trySend: async (message) => {
      tries += 1;
      if (tries % 3 !== 0) return false;
      taken.push(message);
      return true;
    },
    pause: async () => true,
  });
  for (const message of ['a', 'b', 'c']) delivery.send(message);
  await delivery.settled();
  expect([taken, tries]).toEqual([['a', 'b', 'c'], 9]);
});

test('what is given up is not tried again', async () => {
  let tries = 0;
  const delivery = sureDelivery<string>({
    trySend: async () => {
      tries += 1;
      return false;
    },
    pause: async () => tries < 2,
  });
  delivery.send('a');
  delivery.send('b');
  await delivery.settled();
  expect(tries).toBe(2);
});
