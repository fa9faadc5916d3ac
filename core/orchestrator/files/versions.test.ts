import { describe, expect, it } from 'vitest';
import { changeByFacts, unreadable, type VersionFacts } from './version-facts.ts';

const file: VersionFacts = {
  presence: 'present',
  sizeBytes: 10,
  modified: '2026-01-01T00:00:00.5Z',
  problem: null,
  isFile: true,
};
const absent: VersionFacts = { ...file, presence: 'absent', sizeBytes: null, modified: null, isFile: false };

describe('the change of a file between two points', () => {
  it.each([
    ['nothing', file, file, 'same'],
    ['its size', file, { ...file, sizeBytes: 11 }, 'changed'],
    ['only its time: its content must be read', file, { ...file, modified: '2026-01-02T00:00:00Z' }, null],
    [
      'no time is known: its content must be read',
      { ...file, modified: null },
      { ...file, modified: null },
      null,
    ],
    [
      'the time of a large one: nobody knows',
      { ...file, sizeBytes: 2 ** 30 },
      { ...file, sizeBytes: 2 ** 30, modified: '2026-01-02T00:00:00Z' },
      'unknown',
    ],
    ['it was made', absent, file, 'appeared'],
    ['it was removed', file, absent, 'gone'],
    ['it was never there', absent, absent, 'same'],
    ['a folder took its name', file, { ...file, isFile: false }, 'changed'],
    ['one of them cannot be read', file, unreadable('A block is damaged.'), 'unknown'],
  ] as const)('%s', (_, older, newer, change) => {
    expect(changeByFacts(older, newer)).toBe(change);
  });
});
