import { describe, expect, test } from 'vitest';
import { AppError } from '../../contract/index.ts';
import type { BlobStore } from '../blob-store.ts';
import { blobStoreConformance } from '../testing/blob-store-conformance.ts';
import { countingStore } from './counting-store.ts';
import { faultyStore } from './faulty-store.ts';
import { memoryStore } from './memory-store.ts';
import { retryingStore } from './retrying-store.ts';
import { throttledStore } from './throttled-store.ts';

const sleep = async () => undefined;
const jitter = () => 0.5;
const lost = () => new AppError('unreachable', { message: 'Lost.', retryable: true });

/** Every third call fails, half of the failures after taking effect. */
function flaky(inner: BlobStore): BlobStore {
  return faultyStore(inner, ({ number }) =>
    number % 3 === 0 ? { error: lost(), takesEffect: number % 2 === 0 } : undefined,
  );
}

describe('counting store', () => blobStoreConformance(() => countingStore(memoryStore())));
describe('throttled store', () =>
  blobStoreConformance(() => throttledStore(memoryStore(), { bytesPerSecond: 1e9, clock: () => 0, sleep })));
describe('retrying store', () => blobStoreConformance(() => retryingStore(memoryStore(), { sleep, jitter })));

describe('retrying store over a flaky one', () => {
  test('puts, reads and lists come through, each object once', async () => {
    const inner = memoryStore();
    const store = retryingStore(flaky(inner), { sleep, jitter });
    for (let index = 0; index < 20; index++) await store.put(`a/${index}`, new Uint8Array(index));
    const names: string[] = [];
    for await (const { name } of store.list('a/')) names.push(name);
    expect(names).toHaveLength(20);
    for (let index = 0; index < 20; index++) expect((await store.get(`a/${index}`)).length).toBe(index);
  });

  test('a name that somebody else took stays an error', async () => {
    const inner = memoryStore();
    await inner.put('taken', new Uint8Array([1]));
    const store = retryingStore(flaky(inner), { sleep, jitter });
    await expect(store.put('taken', new Uint8Array([2]))).rejects.toMatchObject({ code: 'already-exists' });
  });

  test('gives up after the last attempt and never repeats what is final', async () => {
    let calls = 0;
    const dead = faultyStore(memoryStore(), () => {
      calls++;
      return { error: lost(), takesEffect: false };
    });
    await expect(retryingStore(dead, { sleep, jitter, attempts: 4 }).get('x')).rejects.toMatchObject({
      code: 'unreachable',
    });
    expect(calls).toBe(4);
    await expect(retryingStore(memoryStore(), { sleep, jitter }).get('x')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

test('a throttled store waits as long as the bytes take', async () => {
  const waits: number[] = [];
  const store = throttledStore(memoryStore(), {
    bytesPerSecond: 1000,
    clock: () => 0,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
  await store.put('a', new Uint8Array(500));
  await store.put('b', new Uint8Array(500));
  await store.get('a', { offset: 0, length: 100 });
  expect(waits).toEqual([500, 1000]);
});

test('a counting store tells classes of operations apart', async () => {
  const store = countingStore(memoryStore());
  await store.put('a', new Uint8Array(10));
  await store.get('a', { offset: 0, length: 4 });
  await store.head('a');
  for await (const _ of store.list(''));
  await store.delete('a');
  expect(store.counts()).toEqual({
    writes: 1,
    reads: 1,
    lists: 1,
    others: 1,
    deletes: 1,
    bytesWritten: 10,
    bytesRead: 4,
  });
});
