import { describe, expect, it } from 'vitest';
import { formatDuration, formatTime, formatTimeLeft } from './times.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [65, '1 min 05 s'],
    [3 * 3600 + 720, '3 h 12 min'],
    [2 * 86_400 + 4 * 3600, '2 d 4 h'],
  ])('shows %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatTimeLeft', () => {
  it('is coarse until the last minute', () => {
    expect(formatTimeLeft(1797)).toBe('30 min left');
    expect(formatTimeLeft(61)).toBe('2 min left');
    expect(formatTimeLeft(0)).toBe('1 s left');
  });
});

describe('formatTime', () => {
  const now = new Date(2026, 10, 22, 9, 30).getTime();
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();

  it('is as short as its age allows', () => {
    expect(formatTime(at(2026, 10, 22, 0, 5), now)).toBe('Today 00:05');
    expect(formatTime(at(2026, 10, 21, 23, 55), now)).toBe('Yesterday 23:55');
    expect(formatTime(at(2026, 2, 12, 14, 5), now)).toBe('12 Mar 14:05');
    expect(formatTime(at(2025, 2, 12, 14, 5), now)).toBe('12 Mar 2025');
  });
});
