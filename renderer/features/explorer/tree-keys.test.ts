import { expect, it } from 'vitest';
import { rowAfterKey } from './tree-keys.ts';
import type { TreeRow } from './use-tree-rows.ts';

const row = (path: string, level: number, open = false): TreeRow => ({
  path,
  name: path.split('/').at(-1) || '/',
  level,
  open,
  kind: 'folder',
});
const rows = [row('/', 1, true), row('/etc', 2, true), row('/etc/nginx', 3), row('/home', 2), row('/var', 2)];

it('unfolds, goes in, goes out, folds', () => {
  expect(rowAfterKey('ArrowRight', rows, 3)).toBe('unfold');
  expect(rowAfterKey('ArrowRight', rows, 1)).toBe(2);
  expect(rowAfterKey('ArrowLeft', rows, 2)).toBe(1);
  expect(rowAfterKey('ArrowLeft', rows, 1)).toBe('fold');
  expect(rowAfterKey('ArrowLeft', [row('/', 1)], 0)).toBeNull();
});

it('jumps to a letter and round again', () => {
  expect(rowAfterKey('H', rows, 0)).toBe(3);
  expect(rowAfterKey('e', rows, 3)).toBe(1);
  expect(rowAfterKey('z', rows, 3)).toBeNull();
});
