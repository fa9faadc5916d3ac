import { expect, test } from 'vitest';
import type { FileVolume } from '../../contract/index.ts';
import { placeItems } from './guest-placement.ts';

const volume = (id: string, guestPlaces: string[]): FileVolume => ({
  id,
  name: guestPlaces[0] ?? id,
  guestPlaces,
  disk: 0,
  partition: 1,
  kind: 'ext4',
  kindName: 'ext4',
  label: '',
  uuid: '',
  placeName: '',
  sizeBytes: 1,
  state: 'clean',
  note: '',
  readable: true,
  incidental: false,
  caseSensitive: true,
  localTimes: false,
});
const volumes = [volume('root', ['/']), volume('logs', ['/var/log']), volume('free', [])];
const original = { kind: 'original' } as const;

test('items go back to their folders, those of one folder together', () => {
  const selection = [
    { volumeId: 'root', path: '/etc/hosts' },
    { volumeId: 'root', path: '/etc/passwd' },
    { volumeId: 'logs', path: '/nginx' },
    { volumeId: 'root', path: '/srv' },
  ];
  const placed = placeItems(selection, original, volumes);
  expect(placed.refusals).toEqual([]);
  expect(placed.groups.map(({ folder, items }) => [folder, items.length])).toEqual([
    ['/etc', 2],
    ['/var/log', 1],
    ['/', 1],
  ]);
  expect(placed.places.map(({ to }) => to)).toEqual(['/etc/hosts', '/etc/passwd', '/var/log/nginx', '/srv']);
  expect(placed.groups[1]?.source).toEqual({ volumeId: 'logs', path: '/' });
});

test('a volume without a known mount point and a whole volume are refused', () => {
  const selection = [
    { volumeId: 'free', path: '/a' },
    { volumeId: 'root', path: '/' },
  ];
  expect(placeItems(selection, original, volumes).refusals).toHaveLength(2);
});

test('another folder takes everything, if it can be one', () => {
  const selection = [{ volumeId: 'free', path: '/a/b' }];
  const to = (path: string) => placeItems(selection, { kind: 'folder', path }, volumes);
  expect(to('/root/recovered/')).toMatchObject({ places: [{ to: '/root/recovered/b' }], refusals: [] });
  for (const path of ['relative', '/a/../b', '/proc/1', 'C:\\x']) expect(to(path).refusals).toHaveLength(1);
});
