import { describe, expect, test } from 'vitest';
import { AppError } from '../contract/index.ts';
import { retryDelay, serviceCodeOf, withRetries } from './storage-retry.ts';

const signal = new AbortController().signal;
const busy = { name: 'RestError', statusCode: 503, message: 'busy' };
const headers = (value: string) => ({ response: { headers: { get: () => value } } });

/** Fails with each of these in turn, then gives `done`. */
function failing(...failures: readonly unknown[]) {
  let calls = 0;
  const call = async (): Promise<string> => {
    const failure = failures[calls];
    calls += 1;
    if (failure !== undefined) throw failure;
    return 'done';
  };
  return { call, calls: () => calls };
}

describe('pauses', () => {
  test('double up to a limit, or are what the service says', () => {
    expect([0, 1, 2, 20].map((tries) => retryDelay(busy, tries, 100))).toEqual([100, 200, 400, 30_000]);
    expect(retryDelay({ ...busy, ...headers('2') }, 0, 100)).toBe(2000);
    const date = new Date(Date.now() + 5000).toUTCString();
    expect(retryDelay({ ...busy, ...headers(date) }, 0, 100)).toBeGreaterThan(3000);
    expect(retryDelay({ ...busy, ...headers('nonsense') }, 0, 100)).toBe(100);
  });

  test.each([
    [{ statusCode: 429 }, true],
    [{ statusCode: 408 }, true],
    [{ code: 'ECONNRESET', message: '' }, true],
    [{ message: 'socket hang up' }, true],
    [{ statusCode: 404 }, false],
    [{ statusCode: 409 }, false],
    [{ message: 'a bug' }, false],
    [new AppError('damaged', { message: 'x' }), false],
    [new AppError('unreachable', { message: 'x', retryable: true }), true],
  ])('%j is tried again: %s', (thrown, again) => {
    expect(retryDelay(thrown, 0, 1) !== null).toBe(again);
  });
});

describe('repeating', () => {
  const options = { maxRetries: 3, retryDelayMs: 1 };

  test('goes on until it works', async () => {
    const { call, calls } = failing(busy, { statusCode: 429, message: '' });
    expect(await withRetries({ action: 'x', options, signal, call })).toBe('done');
    expect(calls()).toBe(3);
  });

  test('ends with our error after the last try', async () => {
    const { call, calls } = failing(busy, busy, busy, busy, busy);
    await expect(withRetries({ action: 'x', options, signal, call })).rejects.toMatchObject({
      code: 'azure-failed',
      retryable: true,
    });
    expect(calls()).toBe(4);
  });

  test('renews once after a 403, and only once', async () => {
    const refused = { statusCode: 403, message: 'Signature not valid', code: 'AuthenticationFailed' };
    let renewed = 0;
    const renew = async () => {
      renewed += 1;
    };
    const once = failing(refused);
    expect(await withRetries({ action: 'x', options, signal, call: once.call, renew })).toBe('done');
    const twice = failing(refused, refused);
    await expect(
      withRetries({ action: 'x', options, signal, call: twice.call, renew }),
    ).rejects.toMatchObject({ code: 'permission-denied' });
    expect(renewed).toBe(2);
  });

  test('an abort ends the pause', async () => {
    const stop = new AbortController();
    const { call } = failing({ ...busy, ...headers('200') });
    const run = withRetries({ action: 'x', options, signal: stop.signal, call });
    setTimeout(() => stop.abort(), 5);
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  });
});

test('the service’s code is found wherever the SDK keeps it', () => {
  expect(serviceCodeOf({ details: { errorCode: 'A' }, code: 'B' })).toBe('A');
  expect(serviceCodeOf({ code: 'B' })).toBe('B');
  expect(serviceCodeOf(headers('C'))).toBe('C');
  expect(serviceCodeOf(undefined)).toBe('');
});
