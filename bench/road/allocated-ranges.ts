import { open } from 'node:fs/promises';
import { dataRuns } from '../../lab/disks/disk-image.ts';

/** Bytes of a disk from `start` to before `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const chunkBytes = 4096;
const windowBytes = 4 * 2 ** 20;

/** What the lab's disk endpoint lists as allocated: 4 KiB chunks that are not all zero, neighbours joined. */
export async function allocatedRanges(image: string): Promise<readonly ByteRange[]> {
  const file = await open(image);
  const ranges: { start: number; end: number }[] = [];
  const window = Buffer.alloc(windowBytes);
  try {
    for (let at = 0; ; at += windowBytes) {
      const { bytesRead } = await file.read(window, 0, windowBytes, at);
      if (bytesRead === 0) return ranges;
      window.fill(0, bytesRead);
      for (const { chunk, count } of dataRuns(window)) {
        const start = at + chunk * chunkBytes;
        const end = start + count * chunkBytes;
        const last = ranges.at(-1);
        if (last?.end === start) last.end = end;
        else ranges.push({ start, end });
      }
    }
  } finally {
    await file.close();
  }
}

/** The ranges as pieces of at most `pieceBytes` in all, filled one after another: bodies of equal size. */
export function* bodiesOf(ranges: readonly ByteRange[], pieceBytes: number): Generator<readonly ByteRange[]> {
  let body: ByteRange[] = [];
  let size = 0;
  for (const range of ranges) {
    for (let start = range.start; start < range.end; ) {
      const end = Math.min(range.end, start + pieceBytes - size);
      body.push({ start, end });
      size += end - start;
      start = end;
      if (size < pieceBytes) continue;
      yield body;
      [body, size] = [[], 0];
    }
  }
  if (size > 0) yield body;
}
