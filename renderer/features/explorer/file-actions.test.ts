import { expect, it } from 'vitest';
import { actionRefusal, fileActions } from './file-actions.ts';

const possible = (target: Parameters<typeof actionRefusal>[1]) =>
  fileActions.filter((action) => actionRefusal(action, target) === null);

it('is about the open folder while nothing is selected, but never so in a search', () => {
  expect(possible({ count: 0, kind: 'directory', searching: false })).toEqual([
    'properties',
    'versions',
    'download',
    'restore',
    'copy-path',
  ]);
  expect(possible({ count: 0, kind: 'directory', searching: true })).toEqual([]);
});

it('compares two, previews one file, and takes any number along', () => {
  const target = { searching: false, kind: null } as const;
  expect(possible({ ...target, count: 2 })).toEqual(['compare', 'download', 'restore', 'copy-path']);
  expect(possible({ ...target, count: 3 })).toEqual(['download', 'restore', 'copy-path']);
  expect(possible({ ...target, count: 1, kind: 'file' })).toContain('preview');
  expect(possible({ ...target, count: 1, kind: 'directory' })).not.toContain('preview');
});
