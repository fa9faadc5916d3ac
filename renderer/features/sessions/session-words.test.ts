import { expect, it } from 'vitest';
import { buildSession } from '../../testing/built-data.ts';
import { doneShare, elapsedSeconds } from './session-words.ts';
import { progressAnnouncement } from './use-progress-announcement.ts';

const progress = { totalBytes: 1000, doneBytes: 0, storedBytes: 0, bytesPerSecond: 0, secondsLeft: null };
const running = buildSession('s', { state: 'running', endedAt: null, progress });

it('announces quarters and the end, and nothing in between', () => {
  const said = [0, 10, 249, 250, 400, 500, 999, 1000].map((doneBytes) =>
    progressAnnouncement({ ...running, progress: { ...progress, doneBytes } }),
  );
  expect([...new Set(said)]).toEqual([0, 25, 50, 75, 100].map((share) => `Back up web-01: ${share} percent`));
  expect(progressAnnouncement({ ...running, state: 'failed' })).toBe('Back up web-01: Failed');
});

it('knows no share before the amount of work is known', () => {
  expect(doneShare({ progress: null })).toBeNull();
  expect(doneShare({ progress: { ...progress, totalBytes: 0 } })).toBeNull();
  expect(doneShare({ progress: { ...progress, doneBytes: 1001 } })).toBe(1);
});

it('measures a session from its start to its end, or to now', () => {
  const startedAt = '2026-11-22T08:00:00Z';
  const now = Date.parse('2026-11-22T08:01:00Z');
  expect(elapsedSeconds({ startedAt, endedAt: null }, now)).toBe(60);
  expect(elapsedSeconds({ startedAt, endedAt: '2026-11-22T08:00:30Z' }, now)).toBe(30);
  expect(elapsedSeconds({ startedAt: null, endedAt: null }, now)).toBeNull();
});
