import { expect, it } from 'vitest';
import type { FileVolume } from '../../contract/index.ts';
import { selectionRoots } from './selection-roots.ts';

function volume(id: string): FileVolume {
  const places: Readonly<Record<string, string[]>> = { c: ['C:'], log: ['/var/log'], root: ['/'] };
  return {
    ...{ id, name: id, guestPlaces: places[id] ?? [], disk: 0, partition: 1, kind: 'ext4', kindName: 'ext4' },
    ...{ label: '', uuid: '', placeName: '', sizeBytes: 1, state: 'clean', note: '', readable: true },
    ...{ incidental: false, caseSensitive: id !== 'c', localTimes: false },
  };
}

function taken(...items: readonly (readonly [string, string])[]): string[] {
  const selection = items.map(([volumeId, path]) => ({ volumeId, path }));
  return selectionRoots(selection, volume).map(
    ({ volumeId, path, relativePath }) => `${volumeId}${path} ${relativePath}`,
  );
}

it('every item is taken along once, and not below another one', () => {
  expect(taken(['a', '/x'], ['a', '/x/y'], ['a', 'x/'], ['a', '/xy'])).toEqual(['a/x x', 'a/xy xy']);
  expect(taken(['a', '/x/y'], ['a', '/']).map((root) => root.split(' ')[0])).toEqual(['a/']);
  expect(taken(['a', '/X/y'], ['a', '/x'])).toHaveLength(2);
  expect(taken(['c', '/X/y'], ['c', '/x'], ['c', '/Z'], ['c', '/z'])).toEqual(['c/x x', 'c/Z Z']);
});

it('no two items have one name, whatever the case', () => {
  expect(
    taken(['a', '/one/n.txt'], ['a', '/two/N.TXT'], ['b', '/n.txt'], ['b', '/.n'], ['c', '/.n']),
  ).toEqual(['a/one/n.txt n.txt', 'a/two/N.TXT N (2).TXT', 'b/n.txt n (3).txt', 'b/.n .n', 'c/.n .n (2)']);
});

it('a whole volume is called what the guest calls it', () => {
  expect(taken(['c', '/'], ['log', '/'], ['root', '/'], ['d', '/'])).toEqual([
    'c/ C',
    'log/ var-log',
    'root/ root',
    'd/ d',
  ]);
});

it('a path that climbs is refused', () => {
  expect(() => taken(['a', '/x/../y'])).toThrow('".."');
});
