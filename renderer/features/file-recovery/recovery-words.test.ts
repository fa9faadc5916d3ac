import { expect, it } from 'vitest';
import { timeLeft } from './recovery-words.ts';

const now = Date.parse('2026-11-22T08:00:00Z');

it.each([
  ['2026-11-22T08:27:40Z', 'in 27 min'],
  ['2026-11-22T10:05:00Z', 'in 2 h 05 min'],
  ['2026-11-22T08:01:15Z', 'in 1 min 15 s'],
  ['2026-11-22T07:59:00Z', 'in 0 s'],
])('says how long a session stays open: %s', (closesAt, text) => {
  expect(timeLeft(closesAt, now)).toBe(text);
});
