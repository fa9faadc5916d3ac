import type { FindRun, Run } from '../tree/index.ts';
import type { RangeChange } from './fast-commits.ts';

const MAP = { at: 0x28, end: 0x64 } as const;
const FLAGS = 0x20;
const EXTENTS = 0x80000;

/**
 * An inode as a fast commit left it: the fields are logged, the root of an extent tree is not and stays as
 * it was on the disk (or is empty for a new file).
 */
export function changedInode(before: Uint8Array, logged: Uint8Array): Uint8Array {
  const inode = Uint8Array.from(before);
  const view = new DataView(inode.buffer);
  const usable = logged.subarray(0, inode.length);
  const map = inode.slice(MAP.at, MAP.end);
  inode.set(usable);
  const usesExtents = (view.getUint32(FLAGS, true) & EXTENTS) !== 0;
  if (!usesExtents) return inode;
  inode.set(map, MAP.at);
  if (view.getUint16(MAP.at, true) === 0xf30a) return inode;
  inode.fill(0, MAP.at, MAP.end);
  view.setUint16(MAP.at, 0xf30a, true);
  view.setUint16(MAP.at + 4, 4, true);
  return inode;
}

/** Lays the changes of fast commits, the last one on top, over the layout on the disk. */
export function findChangedRun(base: FindRun, changes: readonly RangeChange[], blockSize: number): FindRun {
  return async (position, signal) => {
    const block = Math.floor(position / blockSize);
    let end = Number.POSITIVE_INFINITY;
    for (const change of changes.toReversed()) {
      if (block < change.start) end = Math.min(end, change.start);
      else if (block < change.start + change.length) {
        const length = Math.min(change.start + change.length, end) - block;
        const at = change.at === undefined || change.unwritten ? undefined : change.at + block - change.start;
        return inBytes({ start: block, length, at }, blockSize);
      }
    }
    const run = await base(position, signal);
    const length = Math.min(run.start + run.length, end * blockSize) - block * blockSize;
    const skipped = block * blockSize - run.start;
    return { start: block * blockSize, length, at: run.at === undefined ? undefined : run.at + skipped };
  };
}

function inBytes(run: Run, blockSize: number): Run {
  return {
    start: run.start * blockSize,
    length: run.length * blockSize,
    at: run.at === undefined ? undefined : run.at * blockSize,
  };
}
