import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Area, coverWhole, pieces, unionOf, withinDisk } from './disk-areas.ts';

const size = 1000;
/** Ascending areas that do not overlap, within the disk. */
const areas = fc
  .uniqueArray(fc.integer({ min: 0, max: size }), { maxLength: 20 })
  .map((cuts) => cuts.toSorted((left, right) => left - right))
  .map((cuts) =>
    cuts.flatMap((start, at): Area[] =>
      at % 2 === 0 && cuts[at + 1] !== undefined
        ? [{ offset: start, length: (cuts[at + 1] ?? 0) - start }]
        : [],
    ),
  );

function paint(list: readonly Area[]): boolean[] {
  const bytes = new Array<boolean>(size).fill(false);
  for (const { offset, length } of list) bytes.fill(true, offset, offset + length);
  return bytes;
}

describe('areas of a disk', () => {
  test('covering adds exactly what was not named, as cleared', () => {
    fc.assert(
      fc.property(areas, (list) => {
        const whole = coverWhole(list, size);
        expect(
          whole.filter(({ cleared }) => !cleared).map(({ offset, length }) => ({ offset, length })),
        ).toEqual(list);
        expect(whole.reduce((end, area) => (area.offset === end ? end + area.length : Number.NaN), 0)).toBe(
          size,
        );
      }),
    );
  });

  test('a union names every byte of either side once, touching areas joined', async () => {
    await fc.assert(
      fc.asyncProperty(areas, areas, async (left, right) => {
        const union: Area[] = [];
        for await (const area of unionOf(left, right)) union.push(area);
        expect(paint(union)).toEqual(paint([...left, ...right]));
        for (const [at, area] of union.entries()) {
          const before = union[at - 1];
          if (before) expect(area.offset).toBeGreaterThan(before.offset + before.length);
        }
      }),
    );
  });

  test('pieces are the area again, none longer than allowed, cut at multiples', () => {
    const parts = [...pieces({ offset: 130, length: 300 }, 100)];
    expect(parts).toEqual([
      { offset: 130, length: 70 },
      { offset: 200, length: 100 },
      { offset: 300, length: 100 },
      { offset: 400, length: 30 },
    ]);
  });

  test('what lies behind the disk is cut off', () => {
    const list = [
      { offset: 900, length: 200 },
      { offset: 1000, length: 512 },
    ];
    expect(withinDisk(list, size)).toEqual([{ offset: 900, length: 100 }]);
  });
});
