import { describe, expect, it } from 'vitest';
import { playVolumes } from '../../testing/play-volumes.ts';
import { explorerLocationSchema, firstVolume, placeAt, searchAt } from './explorer-location.ts';

const place = { volumeId: 'vg-data', path: '/pictures' };

describe('the volume to begin with', () => {
  it('is the one of the guest’s system', () => {
    expect(firstVolume(playVolumes)?.id).toBe('disk0-part1');
  });
  it('is the largest one when nothing says where the system is', () => {
    const nameless = playVolumes.map((volume) => ({ ...volume, guestPlaces: [] }));
    expect(firstVolume(nameless)?.id).toBe('disk2-part1');
    expect(firstVolume([])).toBeUndefined();
  });
});

it('takes what is odd in an address as not there', () => {
  const odd = { volume: 7, path: 'no-slash', kind: 'cat', size: '', from: '12/12/2026', find: ['x'] };
  expect(explorerLocationSchema.parse(odd)).toEqual({});
  expect(placeAt({ volume: 'vg-scratch', path: '/x' }, playVolumes)).toEqual({
    volumeId: 'disk0-part1',
    path: '/',
  });
});

describe('a search', () => {
  it('waits for something to search for', () => {
    expect(searchAt({}, place)).toBeNull();
    expect(searchAt({ find: '  ' }, place)).toBeNull();
  });
  it('is about this volume unless the address says otherwise', () => {
    expect(searchAt({ find: ' a ' }, place)).toEqual({ text: 'a', below: '/', volumeId: 'vg-data' });
    expect(searchAt({ find: 'a', within: 'folder' }, place)).toMatchObject({
      below: '/pictures',
      volumeId: 'vg-data',
    });
    expect(searchAt({ find: 'a', within: 'all' }, place)).toEqual({ text: 'a', below: '/' });
  });
  it('may be about a size or a time alone, whole days of this computer', () => {
    expect(searchAt({ find: '', size: 'empty' }, place)).toMatchObject({ text: '', maxBytes: 0 });
    const { modifiedFrom = '', modifiedTo = '' } =
      searchAt({ find: '', from: '2026-11-20', to: '2026-11-20' }, place) ?? {};
    expect(Date.parse(modifiedTo) - Date.parse(modifiedFrom)).toBe(24 * 3_600_000 - 1);
  });
});
