import type { NumberedBlock } from './disk-blocks.ts';

/** What is fetched, opened and written at once, and its memory. */
export const batchLength = 16 * 1024 * 1024;
/** However small the blocks are: each may need a request of its own. */
const mostBlocks = 64;

/** Blocks in ascending order, cut into batches of at most {@link batchLength}; they need not be neighbours. */
export async function* batchesOf(
  blocks: AsyncIterable<NumberedBlock>,
): AsyncGenerator<readonly NumberedBlock[]> {
  let batch: NumberedBlock[] = [];
  let length = 0;
  for await (const block of blocks) {
    const { plainLength } = block.ref;
    if (batch.length === mostBlocks || (batch.length > 0 && length + plainLength > batchLength)) {
      yield batch;
      [batch, length] = [[], 0];
    }
    batch.push(block);
    length += plainLength;
  }
  if (batch.length > 0) yield batch;
}

/** A stretch of a disk that a batch fills without a gap. */
export interface BatchStretch {
  readonly offset: number;
  /** Where its bytes begin among the batch's bytes, which lie one after another. */
  readonly at: number;
  readonly length: number;
}

/** The fewest stretches that cover a batch, each at most `most` bytes long, but at least a block. */
export function stretchesOf(
  batch: readonly NumberedBlock[],
  { blockSize, most }: { readonly blockSize: number; readonly most: number },
): BatchStretch[] {
  const stretches: BatchStretch[] = [];
  let at = 0;
  for (const { block, ref } of batch) {
    const offset = block * blockSize;
    const length = ref.plainLength;
    const last = stretches.at(-1);
    const joins = last !== undefined && last.offset + last.length === offset && last.length + length <= most;
    if (joins) stretches[stretches.length - 1] = { ...last, length: last.length + length };
    else stretches.push({ offset, at, length });
    at += length;
  }
  return stretches;
}
