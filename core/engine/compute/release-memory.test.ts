import { expect, test } from 'vitest';
import { releaseMemory } from './release-memory.ts';

const large = 1024 * 1024;

test('large memory is gone, whichever part of it was shown', () => {
  const whole = new Uint8Array(large);
  const part = new Uint8Array(large).subarray(10, 20);
  releaseMemory(whole);
  releaseMemory(part);
  expect([whole.length, part.length]).toEqual([0, 0]);
});

test('shared memory and the pool of small buffers stay', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(large));
  const pooled = Buffer.allocUnsafe(100).fill(7);
  releaseMemory(shared);
  releaseMemory(pooled);
  expect(shared.length).toBe(large);
  expect(pooled.every((byte) => byte === 7)).toBe(true);
});
