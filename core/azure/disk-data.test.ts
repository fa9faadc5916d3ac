import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectChanges, type PageArea, pageArea } from './disk-data.ts';

test('a count that is one too small is put right, a right one is left', () => {
  expect(pageArea(0, 1023, false).length).toBe(1024);
  expect(pageArea(0, 1024, false).length).toBe(1024);
  expect(pageArea(512, 511, true)).toEqual({ offset: 512, length: 512, cleared: true });
});

describe('comparisons with more entries than one answer holds', () => {
  const areas = fc
    .uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 40 })
    .map((pages) =>
      pages
        .toSorted((left, right) => left - right)
        .map((page): PageArea => ({ offset: page * 512, length: 512, cleared: page % 3 === 0 })),
    );

  test('are asked for until the end of the disk, nothing twice, nothing left out', async () => {
    await fc.assert(
      fc.asyncProperty(areas, fc.integer({ min: 1, max: 7 }), async (all, limit) => {
        const asked: number[] = [];
        const found = await collectChanges(
          201 * 512,
          async (offset, count) => {
            asked.push(offset);
            expect(offset + count).toBe(201 * 512);
            return all.filter((area) => area.offset >= offset).slice(0, limit);
          },
          limit,
        );
        expect(found).toEqual(all);
        expect(asked.length).toBeLessThanOrEqual(Math.floor(all.length / limit) + 1);
      }),
    );
  });
});
