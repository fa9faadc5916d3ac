import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DiskRange } from '../model.ts';
import { cutRuns, mergeRuns, planRuns } from './plan-reads.ts';

const blockSize = 100;
const blocks = 50;

/** Ascending ranges that do not overlap, some cleared. */
const rangesArbitrary = fc
  .uniqueArray(fc.nat(blocks * blockSize), { minLength: 2, maxLength: 20 })
  .chain((cuts) => {
    const sorted = [...cuts].sort((left, right) => left - right);
    return fc.array(fc.boolean(), { minLength: sorted.length, maxLength: sorted.length }).map((flags) => {
      const ranges: DiskRange[] = [];
      for (let index = 0; index + 1 < sorted.length; index += 2) {
        const [from = 0, to = 0] = [sorted[index], sorted[index + 1]];
        ranges.push({ offset: from, length: to - from, cleared: flags[index] === true });
      }
      return ranges;
    });
  });

test('every touched block is read or cleared exactly once, and cleared only when nothing of it is left', () => {
  fc.assert(
    fc.property(rangesArbitrary, fc.integer({ min: 1, max: 7 }), (ranges, maxBlocks) => {
      const size = blocks * blockSize - 30;
      const inside = ranges.filter((range) => range.offset + range.length <= size);
      const fate = new Map<number, string>();
      let last = -1;
      for (const run of cutRuns(planRuns({ size, blockSize }, inside), maxBlocks)) {
        if (run.kind === 'read') expect(run.count).toBeLessThanOrEqual(maxBlocks);
        for (let block = run.first; block < run.first + run.count; block++) {
          expect(block).toBeGreaterThan(last);
          last = block;
          fate.set(block, run.kind);
        }
      }
      for (let block = 0; block < blocks; block++) {
        const [from, to] = [block * blockSize, Math.min(size, (block + 1) * blockSize)];
        const touching = inside.filter((range) => range.offset < to && range.offset + range.length > from);
        const whole = touching.some(
          (range) => range.cleared && range.offset <= from && range.offset + range.length >= to,
        );
        expect(fate.get(block), `block ${block}`).toBe(
          touching.length === 0 ? undefined : whole ? 'clear' : 'read',
        );
      }
    }),
  );
});

test('single blocks are merged into a plan where they are missing', () => {
  const runs = planRuns({ size: 5000, blockSize }, [
    { offset: 500, length: 300 },
    { offset: 2000, length: 1000, cleared: true },
  ]);
  const more = [1, 4, 6, 8, 25, 49].map((first) => ({ kind: 'read', first, count: 1 }) as const);
  expect(mergeRuns(runs, more)).toEqual([
    { kind: 'read', first: 1, count: 1 },
    { kind: 'read', first: 4, count: 5 },
    { kind: 'clear', first: 20, count: 10 },
    { kind: 'read', first: 49, count: 1 },
  ]);
});
