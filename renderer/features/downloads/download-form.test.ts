import { expect, it } from 'vitest';
import { formChoices, pathBelow, suggestedName, withName } from './download-form.ts';

const naming = {
  choice: 'zip',
  single: null,
  resourceName: 'web-01',
  takenAt: '2026-11-20T06:12:41Z',
} as const;

it('offers a file as it is, and folders as they are only where they can be written', () => {
  expect(formChoices({ name: 'a', kind: 'file' }, 'browser')).toEqual(['file', 'zip', 'tar']);
  expect(formChoices({ name: 'a', kind: 'directory' }, 'browser')).toEqual(['zip', 'tar']);
  expect(formChoices(null, 'path')).toEqual(['zip', 'tar', 'folder']);
});

it('suggests names that every system takes', () => {
  expect(suggestedName(naming)).toBe('web-01 2026-11-20 0612.zip');
  expect(suggestedName({ ...naming, single: { name: '/', kind: 'directory' } })).toBe(
    'web-01 2026-11-20 0612.zip',
  );
  expect(suggestedName({ ...naming, choice: 'file', single: { name: 'a:b?.txt', kind: 'file' } })).toBe(
    'a_b_.txt',
  );
  expect(suggestedName({ ...naming, choice: 'file', single: { name: '..', kind: 'file' } })).toBe('files');
});

it('writes paths as the computer does', () => {
  expect(pathBelow('/home/ada/Downloads', 'a.zip')).toBe('/home/ada/Downloads/a.zip');
  expect(pathBelow('C:\\Users\\Ada\\Downloads', 'a.zip')).toBe('C:\\Users\\Ada\\Downloads\\a.zip');
  expect(pathBelow('/', 'a.zip')).toBe('/a.zip');
  expect(withName('D:\\Recovered\\a.zip', 'a.tar')).toBe('D:\\Recovered\\a.tar');
});
