import { expect, it } from 'vitest';
import { formatExactFileTime, formatFileTime } from './file-time.ts';

it('keeps every digit and says when the zone is unknown', () => {
  expect(formatExactFileTime('2026-11-20T06:12:41.123456789Z', false)).toBe(
    '2026-11-20 06:12:41.123456789 UTC',
  );
  expect(formatExactFileTime('2026-11-20T06:12:42Z', true)).toBe('2026-11-20 06:12:42 (zone unknown)');
});

it('shows what no clock can hold as it came', () => {
  expect(formatFileTime('+584554-01-01T00:00:00Z', false)).toBe('+584554-01-01T00:00:00Z');
  expect(formatFileTime('2026-11-20T23:59:58Z', true)).toBe('2026-11-20 23:59');
});
