import { describe, expect, it } from 'vitest';
import type { FileItem } from '../files/index.ts';
import { isTyped, lineAfterKey } from './list-keys.ts';
import type { ListSource } from './list-source.ts';
import { actionItems, mostPlaces } from './selected-places.ts';
import {
  everythingSelected,
  isSelected,
  knownSizes,
  nothingSelected,
  selectedCount,
  selectionOf,
  withToggled,
} from './selection.ts';

const itemOf = (index: number): FileItem => ({
  volumeId: 'v',
  path: `/d/f${index}`,
  name: `f${index}`,
  kind: index % 2 === 0 ? 'file' : 'directory',
  sizeBytes: 10,
  modified: null,
  entry: null,
});

function sourceOf(total: number): ListSource & { reads: number } {
  const source = {
    reads: 0,
    key: 'k',
    total,
    pending: false,
    error: null,
    retry: () => undefined,
    itemAt: () => undefined,
    look: () => undefined,
    read: async (first: number, last: number) => {
      source.reads += 1;
      return Array.from({ length: last - first + 1 }, (_, index) => itemOf(first + index));
    },
  };
  return source;
}
const folder = { volumeId: 'v', path: '/d', name: 'd', filtered: false };
const everything = { ...nothingSelected, ...everythingSelected };

it('turns single lines over, also out of everything', () => {
  const one = withToggled(nothingSelected, itemOf(3), 3);
  expect([isSelected(one, itemOf(3)), isSelected(one, itemOf(4)), selectedCount(one, 20)]).toEqual([
    true,
    false,
    1,
  ]);
  expect(selectedCount(withToggled(one, itemOf(3), 3), 20)).toBe(0);
  const rest = withToggled(everything, itemOf(3), 3);
  expect([isSelected(rest, itemOf(3)), isSelected(rest, itemOf(4)), selectedCount(rest, 20)]).toEqual([
    false,
    true,
    19,
  ]);
});

it('counts sizes only where they are known', () => {
  expect(knownSizes({ ...nothingSelected, ...selectionOf([itemOf(0), itemOf(1), itemOf(2)]) })).toEqual({
    bytes: 20,
    folders: 1,
  });
  expect(knownSizes(everything)).toBeNull();
});

describe('what an action is about', () => {
  it('is the open folder when nothing is selected', async () => {
    expect((await actionItems(nothingSelected, sourceOf(5), folder))?.places).toEqual([
      { volumeId: 'v', path: '/d' },
    ]);
  });
  it('is every entry but the exceptions', async () => {
    const rest = withToggled(everything, itemOf(1), 1);
    const places = (await actionItems(rest, sourceOf(3), folder))?.places.map(({ path }) => path);
    expect(places).toEqual(['/d/f0', '/d/f2']);
  });
  it('is the folder itself when all of a huge folder is selected, without reading it', async () => {
    const source = sourceOf(mostPlaces + 1);
    expect((await actionItems(everything, source, folder))?.places).toEqual([{ volumeId: 'v', path: '/d' }]);
    expect(source.reads).toBe(0);
  });
  it('is nothing when too many are selected one by one', async () => {
    const rest = withToggled(everything, itemOf(1), 1);
    expect(await actionItems(rest, sourceOf(mostPlaces + 5), folder)).toBeNull();
    expect(await actionItems(everything, sourceOf(mostPlaces + 1), { ...folder, filtered: true })).toBeNull();
  });
});

it('moves by keys within the list', () => {
  const view = { active: 5, total: 20, page: 10 };
  const keys = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'x'];
  expect(keys.map((key) => lineAfterKey(key, view))).toEqual([6, 4, 15, 0, 0, 19, null]);
  expect(lineAfterKey('ArrowUp', { ...view, active: null })).toBe(0);
  expect(lineAfterKey('End', { ...view, total: 0 })).toBeNull();
});

it('knows typing from commands', () => {
  const key = { key: 'a', ctrlKey: false, metaKey: false, altKey: false };
  expect([
    isTyped(key),
    isTyped({ ...key, ctrlKey: true }),
    isTyped({ ...key, key: ' ' }),
    isTyped({ ...key, key: 'Enter' }),
  ]).toEqual([true, false, false, false]);
});
