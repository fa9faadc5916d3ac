import { expect, it } from 'vitest';
import type { FileVolume } from '../../../core/contract/index.ts';
import { parseBytes, parseRange, parseTime } from './amounts.ts';
import { MachineRoot } from './machine-root.ts';

const { signal } = new AbortController();

function volume(id: string, guestPlaces: readonly string[], more: Partial<FileVolume> = {}): FileVolume {
  return {
    ...{ id, name: id, guestPlaces: [...guestPlaces], disk: 0, partition: 1, kind: 'ext4', kindName: 'ext4' },
    ...{ label: '', uuid: '', placeName: '', sizeBytes: 1, state: 'clean', note: '', readable: true },
    ...{ incidental: false, caseSensitive: true, localTimes: false, ...more },
  };
}

const rootOf = (volumes: FileVolume[]) => {
  const never = () => {
    throw new Error('not asked for');
  };
  const service = { volumes: async () => volumes, list: never, details: never, search: never, read: never };
  return MachineRoot.of(
    { ...service, walk: never, archive: never, close: async () => undefined },
    false,
    signal,
  );
};

it('volumes are called what the guest calls them, or by their id', async () => {
  const windows = await rootOf([
    volume('disk0-part1', ['C:']),
    volume('disk1', []),
    volume('swap', [], { incidental: true }),
  ]);
  expect(windows.place('/')).toEqual({ kind: 'volumes' });
  const users = { kind: 'place', volumeId: 'disk0-part1', path: '/Users/a b' };
  for (const path of ['/C:/Users/a b', 'C:/Users/a b', 'C:\\Users\\a b', '/disk0-part1/Users/a b'])
    expect(windows.place(path)).toEqual(users);
  expect(windows.path({ volumeId: 'disk0-part1', path: '/x' })).toBe('/C:/x');
  expect(windows.path({ volumeId: 'disk1', path: '/' })).toBe('/disk1');
  expect(() => windows.place('/swap/x')).toThrow('no volume');
  const linux = await rootOf([
    volume('disk0-part1', ['/']),
    volume('vg-log', ['/var/log']),
    volume('b', ['/var/log']),
  ]);
  expect(linux.volumes.map(({ name }) => name)).toEqual(['disk0-part1', 'var-log', 'b']);
});

it('with one volume its files are at the root', async () => {
  const one = await rootOf([volume('disk0', ['/'])]);
  expect(one.place('/etc')).toEqual({ kind: 'place', volumeId: 'disk0', path: '/etc' });
  expect(one.place('/disk0/etc')).toEqual({ kind: 'place', volumeId: 'disk0', path: '/etc' });
  expect(one.path({ volumeId: 'disk0', path: '/etc' })).toBe('/etc');
});

it('amounts are read as people write them', () => {
  expect(['0', '10k', '1.5M', '2G', '3KiB', '4gb'].map((text) => parseBytes(text, 'x'))).toEqual([
    0, 10_240, 1_572_864, 2_147_483_648, 3072, 4_294_967_296,
  ]);
  for (const wrong of ['', 'k', '-1', '1x', '1e9']) expect(() => parseBytes(wrong, 'x')).toThrow('size');
  expect([parseRange('0-9'), parseRange('5-'), parseRange('-7'), parseRange('3+4')]).toEqual([
    { offset: 0, length: 10 },
    { offset: 5 },
    { last: 7 },
    { offset: 3, length: 4 },
  ]);
  for (const wrong of ['', '-', '9-3', 'a-b', '3+']) expect(() => parseRange(wrong)).toThrow('range');
  const now = Date.UTC(2026, 0, 8);
  expect(['7d', '12h', '2025-01-01'].map((text) => parseTime(text, 'x', now))).toEqual([
    '2026-01-01T00:00:00.000Z',
    '2026-01-07T12:00:00.000Z',
    '2025-01-01T00:00:00.000Z',
  ]);
  expect(() => parseTime('yesterday', 'x', now)).toThrow('date');
});
