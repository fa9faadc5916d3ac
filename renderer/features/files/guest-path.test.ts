import { describe, expect, it } from 'vitest';
import { playVolumes } from '../../testing/play-volumes.ts';
import { guestPath, placeOfTyped } from './guest-path.ts';

const volumeOf = (id: string) => {
  const volume = playVolumes.find((one) => one.id === id);
  if (volume === undefined) throw new Error(id);
  return volume;
};
const linux = { volumeId: 'disk0-part1', path: '/etc/nginx' };
const windows = { volumeId: 'disk2-part1', path: '/Users' };

it('writes a place as the guest does', () => {
  expect(guestPath(volumeOf('disk2-part1'), '/Users/Ada')).toBe('C:\\Users\\Ada');
  expect(guestPath(volumeOf('disk0-part1'), '/')).toBe('/');
  expect(guestPath(volumeOf('vg-data'), '/pictures/a.png')).toBe('/srv/pictures/a.png');
  expect(guestPath({ ...volumeOf('vg-data'), guestPlaces: [], name: 'vg0/data' }, '/a')).toBe('vg0/data:/a');
});

describe('a typed path', () => {
  it.each([
    ['/srv/pictures', linux, 'vg-data', '/pictures'],
    ['/srv', linux, 'vg-data', '/'],
    ['/srvx', linux, 'disk0-part1', '/srvx'],
    ['/var/../etc//ssl/./', linux, 'disk0-part1', '/etc/ssl'],
    ['/../../..', linux, 'disk0-part1', '/'],
    ['sites-enabled', linux, 'disk0-part1', '/etc/nginx/sites-enabled'],
    ['../ssl', linux, 'disk0-part1', '/etc/ssl'],
    ['a\\x0Ab', linux, 'disk0-part1', '/etc/nginx/a\\x0Ab'],
    ['c:\\users\\Ada', linux, 'disk2-part1', '/users/Ada'],
    ['"C:\\Program Files"', linux, 'disk2-part1', '/Program Files'],
    ['C:', linux, 'disk2-part1', '/'],
    ['Ada\\Documents', windows, 'disk2-part1', '/Users/Ada/Documents'],
    ['/Windows', windows, 'disk2-part1', '/Windows'],
  ])('%s means a place', (typed, open, volumeId, path) => {
    expect(placeOfTyped(playVolumes, open, typed)).toEqual({ volumeId, path });
  });

  it('goes back to the place that was written, whatever the volume is called', () => {
    const nameless = { ...volumeOf('vg-data'), guestPlaces: [], name: 'vg0/data' };
    const written = guestPath(nameless, '/pictures/a:b.png');
    expect(placeOfTyped([...playVolumes, nameless], linux, written)).toEqual({
      volumeId: 'vg-data',
      path: '/pictures/a:b.png',
    });
  });
});
