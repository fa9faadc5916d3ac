import { expect, test } from 'vitest';
import { packIdOf } from '../format/names.ts';
import { firstMapPack } from '../format/pack.ts';
import { seededBytes } from '../testing/engine-fixture.ts';
import { PackNumbers } from './pack-numbers.ts';
import { StoredPacks } from './stored-packs.ts';

/** Data and map packs of many attempts, as a repository of many machines has them. */
const packIds = Array.from({ length: 20_000 }, (_, index) => {
  const attempt = Buffer.from(seededBytes(`${index % 60}`, 16)).toString('hex');
  return packIdOf(attempt, Math.floor(index / 60) + (index % 7 === 0 ? firstMapPack : 0));
});

test('every pack keeps the number that it got, and gives its name back', () => {
  const numbers = new PackNumbers();
  expect(packIds.map((packId) => numbers.add(packId))).toEqual([...packIds.keys()]);
  expect(packIds.map((packId) => numbers.add(packId))).toEqual([...packIds.keys()]);
  expect(packIds.map((_, number) => numbers.idOf(number))).toEqual(packIds);
  expect(numbers.size).toBe(packIds.length);
});

test('a pack that nobody named has no number', () => {
  const numbers = new PackNumbers();
  for (const packId of packIds) numbers.add(packId);
  expect(numbers.has(packIdOf((packIds[0] ?? '').slice(0, 32), 9999))).toBe(false);
  expect(numbers.has(packIdOf('f'.repeat(32), 0))).toBe(false);
});

test('packs named later are not in the listing', () => {
  const packs = new StoredPacks();
  for (const [size, packId] of packIds.slice(0, 100).entries()) packs.add(packId, size + 5_000_000_000);
  const later = packs.numbers.add(packIds[200] ?? '');
  expect(packs.size).toBe(100);
  expect([packs.holds(99), packs.holds(later), packs.has(packIds[200] ?? '')]).toEqual([true, false, false]);
  expect([...packs].at(-1)).toEqual([packIds[99], 5_000_000_099]);
  expect(packs.sizeOf(later)).toBe(0);
});
