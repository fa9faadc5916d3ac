import { expect, it } from 'vitest';
import { modeText, ownerText } from './file-words.ts';
import { visibleName } from './visible-name.ts';

it.each([
  [0o755, 'rwxr-xr-x'],
  [0o4755, 'rwsr-xr-x'],
  [0o2644, 'rw-r-Sr--'],
  [0o1777, 'rwxrwxrwt'],
  [0, '---------'],
])('writes the mode %o as ls does', (mode, text) => {
  expect(modeText(mode)).toBe(text);
});

it('tells owners apart in little room', () => {
  expect(ownerText({ owner: { uid: 0, gid: 33 }, sid: null })).toBe('0:33');
  expect(ownerText({ owner: null, sid: 'S-1-5-18' })).toBe('SYSTEM');
  expect(ownerText({ owner: null, sid: 'S-1-5-21-1-2-3-1013' })).toBe('…-1013');
  expect(ownerText({ owner: null, sid: null })).toBe('');
});

it('shows signs that would deceive', () => {
  expect(visibleName('invoice\u202Efdp.exe')).toBe('invoice⟨202E⟩fdp.exe');
  expect(visibleName('日本語 é')).toBe('日本語 é');
});
