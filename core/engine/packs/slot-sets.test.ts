import { expect, test } from 'vitest';
import { maxBlocksInPack } from '../format/pack.ts';
import { seededBytes } from '../testing/engine-fixture.ts';
import { NumberSet } from './number-set.ts';
import { SlotSets } from './slot-sets.ts';

test('slots of many packs, added in any order, come back ascending and each once', () => {
  const random = Buffer.from(seededBytes('slots', 60_000));
  const [sets, expected] = [new SlotSets(), new Map<number, Set<number>>()];
  for (let at = 0; at < random.length; at += 4) {
    const pack = random.readUInt8(at) % 100;
    // Most packs have few blocks, some have all that a pack may have.
    const slot = random.readUInt16LE(at + 1) % (pack < 90 ? 40 : maxBlocksInPack + 1);
    const known = expected.get(pack) ?? new Set();
    expect(sets.add(pack, slot)).toBe(!known.has(slot));
    expected.set(pack, known.add(slot));
  }
  for (const [pack, slots] of expected) {
    expect([...sets.slots(pack)]).toEqual([...slots].sort((left, right) => left - right));
  }
  expect(sets.holds(100)).toBe(false);
  expect(sets.has(100, 0)).toBe(false);
});

test('a slot that no pack can have takes no memory and is never there', () => {
  const sets = new SlotSets();
  expect(sets.add(3, 2 ** 31)).toBe(true);
  expect([sets.has(3, 2 ** 31), sets.holds(3)]).toEqual([false, false]);
});

test('a set of numbers has each once', () => {
  const set = NumberSet.of([7, 8, 100_000, 0, 8, 7]);
  expect([...set]).toEqual([0, 7, 8, 100_000]);
  expect(set.size).toBe(4);
  expect([set.has(9), set.has(2_000_000)]).toEqual([false, false]);
});
