import { describe, expect, it } from 'vitest';
import { formatBytes, formatExactBytes, formatSpeed } from './bytes.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.50 KiB'],
    [33_554_432, '32 MiB'],
    [74_000_000_000, '68.9 GiB'],
    [137_438_953_472, '128 GiB'],
    [32 * 1024 ** 4, '32 TiB'],
  ])('shows %i bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('never rounds up to a whole that is not there yet', () => {
    expect(formatBytes(128 * 1024 ** 3 - 1)).toBe('127 GiB');
    expect(formatBytes(10 * 1024 ** 2 - 1)).toBe('9.99 MiB');
  });
});

it('gives the exact count for tooltips', () => {
  expect(formatExactBytes(33_554_432)).toBe('33,554,432 bytes');
  expect(formatExactBytes(1)).toBe('1 byte');
});

it('shows no speed while nothing moves', () => {
  expect(formatSpeed(0)).toBe('–');
  expect(formatSpeed(94_371_840)).toBe('90 MiB/s');
});
