import { expect, test } from 'vitest';
import type { IndexRecord } from '../format/index-object.ts';
import { packIdOf } from '../format/names.ts';
import { encodeEntries } from '../format/pack.ts';
import { seededBytes } from '../testing/engine-fixture.ts';
import { BlockIndex } from './block-index.ts';
import { IdTable } from './id-table.ts';

const attempt = 'a'.repeat(32);
const idOf = (pack: number, slot: number) => seededBytes(`id ${pack}/${slot}`, 32);

function recordOf(pack: number, blockCount: number): IndexRecord {
  const slots = Array.from({ length: blockCount }, (_, slot) => slot);
  const entries = encodeEntries(
    slots.map((slot) => ({ id: idOf(pack, slot), encoding: 0, length: 100 + slot, plainLength: 100 })),
  );
  return { packId: packIdOf(attempt, pack), blockCount, entries };
}

test('says in which pack a block is and where that pack ends, through every growth', () => {
  const index = new BlockIndex();
  for (let pack = 0; pack < 900; pack++) index.addPack(recordOf(pack, 1 + (pack % 40)));
  let foreign = 0;
  for (let pack = 0; pack < 900; pack++) {
    const blockCount = 1 + (pack % 40);
    const body = (blockCount * (200 + blockCount - 1)) / 2;
    const end = blockCount * 41 + 16 + 16;
    const place = { packId: packIdOf(attempt, pack), size: 8 + body + end, end };
    for (let slot = 0; slot < blockCount; slot++) {
      const places = index.packsOf(idOf(pack, slot));
      expect(places).toContainEqual(place);
      foreign += places.length - 1;
    }
  }
  expect(foreign).toBeLessThan(18);
});

test('a pack that grows is known with what it has so far', () => {
  const index = new BlockIndex();
  const pack = packIdOf(attempt, 7);
  index.addBlock({ id: idOf(7, 0), pack, slot: 0, offset: 8, length: 50 });
  index.addBlock({ id: idOf(7, 1), pack, slot: 1, offset: 58, length: 70 });
  const [place] = index.packsOf(idOf(7, 0));
  expect(place).toEqual({ packId: pack, size: 8 + 120 + 2 * 41 + 32, end: 2 * 41 + 32 });
});

test('within its memory it forgets nothing, and beyond it learns nothing', () => {
  const table = new IdTable({ bytes: 5 * 40_000, expected: 1000 });
  const numbers = (value: number) => {
    const bytes = Buffer.from(seededBytes(`${value}`, 8));
    return [bytes.readUInt32LE(0), bytes.readUInt32LE(4)] as const;
  };
  for (let value = 0; value < 50_000; value++) table.add(...numbers(value), value);
  expect(table.full).toBe(true);
  expect(table.size).toBeGreaterThan(35_000);
  for (let value = 0; value < table.size; value++) expect(table.find(...numbers(value))).toContain(value);
  let foreign = 0;
  for (let value = 45_000; value < 50_000; value++) foreign += table.find(...numbers(value)).length;
  expect(foreign).toBeLessThan(20);
});
