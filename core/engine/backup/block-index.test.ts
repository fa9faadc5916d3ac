import { expect, test } from 'vitest';
import type { BlockRef } from '../format/block-ref.ts';
import { seededBytes } from '../testing/engine-fixture.ts';
import { BlockIndex } from './block-index.ts';

function refOf(number: number): BlockRef {
  return {
    id: seededBytes(`id ${number}`, 32),
    pack: `${'a'.repeat(32)}/${String(number % 7).padStart(8, '0')}`,
    slot: number,
    offset: number * 100,
    length: 100,
    plainLength: 1 << 20,
    encoding: number % 2,
  };
}

test('finds what was added, through every growth', () => {
  const index = new BlockIndex();
  for (let number = 0; number < 5000; number++) index.add(refOf(number));
  for (let number = 0; number < 5000; number++) {
    const ref = refOf(number);
    expect(index.find(ref.id)).toEqual(ref);
  }
  expect(index.find(seededBytes('other', 32))).toBeUndefined();
  expect(index.size).toBe(5000);
});

test('the first place stays with add and goes with put', () => {
  const index = new BlockIndex();
  const [one, two] = [refOf(1), { ...refOf(1), slot: 9 }];
  index.add(one);
  index.add(two);
  expect(index.find(one.id)?.slot).toBe(1);
  index.put(two);
  expect(index.find(one.id)?.slot).toBe(9);
  index.forget(one.id);
  expect(index.find(one.id)).toBeUndefined();
  index.put(one);
  expect(index.find(one.id)?.slot).toBe(1);
});

test('beyond its limit it forgets nothing and learns nothing', () => {
  const index = new BlockIndex(10);
  for (let number = 0; number < 20; number++) index.add(refOf(number));
  expect(index.full).toBe(true);
  expect(index.find(refOf(3).id)).toBeDefined();
  expect(index.find(refOf(15).id)).toBeUndefined();
});
