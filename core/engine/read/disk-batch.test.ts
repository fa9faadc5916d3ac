import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BlockRef } from '../format/block-ref.ts';
import { batchesOf, batchLength, stretchesOf } from './disk-batch.ts';
import type { NumberedBlock } from './disk-blocks.ts';

function refOf(plainLength: number): BlockRef {
  const place = { pack: '0'.repeat(40), slot: 0, offset: 16, length: plainLength + 16 };
  return { ...place, id: new Uint8Array(32), plainLength, encoding: 0 };
}

/** Blocks in ascending order with gaps between them; some are short, as the old end of a disk that grew. */
function blocksOf(steps: readonly { gap: number; short: boolean }[], blockSize: number): NumberedBlock[] {
  let block = -1;
  return steps.map(({ gap, short }) => {
    block += 1 + gap;
    return { block, ref: refOf(short ? 512 : blockSize) };
  });
}

const steps = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.nat(3)),
    short: fc.boolean(),
  }),
  {
    maxLength: 200,
  },
);
const sizes = fc.constantFrom(4096, 65_536, 1 << 20, 4 << 20);

async function* streamOf(blocks: readonly NumberedBlock[]): AsyncGenerator<NumberedBlock> {
  yield* blocks;
}

test('batches hold every block once and in order, within their bounds', async () => {
  await fc.assert(
    fc.asyncProperty(steps, sizes, async (taken, blockSize) => {
      const blocks = blocksOf(taken, blockSize);
      const batches: (readonly NumberedBlock[])[] = [];
      for await (const batch of batchesOf(streamOf(blocks))) batches.push(batch);
      expect(batches.flat()).toEqual(blocks);
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.reduce((sum, { ref }) => sum + ref.plainLength, 0)).toBeLessThanOrEqual(batchLength);
      }
    }),
  );
});

test('stretches cover a batch without a gap or a byte too many', () => {
  fc.assert(
    fc.property(steps, sizes, (taken, blockSize) => {
      const batch = blocksOf(taken, blockSize);
      const most = 4 << 20;
      const parts = stretchesOf(batch, { blockSize, most });
      const pieces = parts.flatMap(({ offset, length }) => {
        expect(length).toBeLessThanOrEqual(most);
        return [offset, offset + length];
      });
      expect(pieces).toEqual(pieces.toSorted((left, right) => left - right));
      let at = 0;
      for (const part of parts) {
        expect(part.at).toBe(at);
        at += part.length;
      }
      const covered = parts.reduce((sum, { length }) => sum + length, 0);
      expect(covered).toBe(batch.reduce((sum, { ref }) => sum + ref.plainLength, 0));
      for (const { block, ref } of batch) {
        const home = parts.find(({ offset, length }) => {
          const start = block * blockSize;
          return offset <= start && start + ref.plainLength <= offset + length;
        });
        expect(home).toBeDefined();
      }
    }),
  );
});
