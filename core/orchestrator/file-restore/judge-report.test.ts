import { expect, test } from 'vitest';
import { judgeReport } from './judge-report.ts';

const sent = (path: string, sha256: string | null) => [path, { shown: path, sha256, size: 10 }] as const;
const expected = new Map([
  sent('/a', 'aa'),
  sent('/b', 'bb'),
  sent('/link', null),
  sent('/c', 'cc'),
  sent('/d', 'dd'),
]);
const record = (kind: 'written' | 'kept' | 'failed', path: string, sha256: string | null, reason = '') => ({
  kind,
  path,
  sha256,
  reason,
});

test('what was read back decides', () => {
  const outcome = judgeReport(
    expected,
    [{ path: '/e', reason: 'unreadable' }],
    [
      record('written', '/a', 'aa'),
      record('kept', '/b', 'other'),
      record('written', '/link', null),
      record('written', '/c', 'other'),
      record('failed', '/x', null, 'a folder has this name'),
    ],
  );
  expect(outcome).toMatchObject({ restoredFiles: 2, restoredBytes: 20, keptFiles: 1 });
  expect(outcome.failures.map(({ path }) => path)).toEqual(['/e', '/c', '/x', '/d']);
});

test('a kept file that is the same as the one sent is a restored one', () => {
  const outcome = judgeReport(new Map([sent('/a', 'aa')]), [], [record('kept', '/a', 'aa')]);
  expect(outcome).toEqual({ restoredFiles: 1, restoredBytes: 10, keptFiles: 0, failures: [] });
});
