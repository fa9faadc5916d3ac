import { AppError } from '../../contract/index.ts';
import type { DiskRange } from '../model.ts';

/** Adjacent whole blocks to read from the source, or to take as zero without reading. */
export interface BlockRun {
  readonly kind: 'read' | 'clear';
  readonly first: number;
  readonly count: number;
}

export interface DiskShape {
  readonly size: number;
  readonly blockSize: number;
}

/**
 * Ranges rounded to blocks, ascending, each block once. A block that is only partly cleared is read whole.
 * `invalid-input` for ranges outside the disk, unordered or overlapping.
 */
export function planRuns(shape: DiskShape, ranges: readonly DiskRange[] | undefined): BlockRun[] {
  const all = ranges ?? [{ offset: 0, length: shape.size }];
  const runs: BlockRun[] = [];
  let end = 0;
  for (const range of all) {
    checkRange(range, end, shape.size);
    end = range.offset + range.length;
    for (const run of runsOf(range, shape)) append(runs, run);
  }
  return runs;
}

function checkRange(range: DiskRange, from: number, size: number): void {
  const { offset, length } = range;
  const sound = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && length >= 0;
  if (sound && offset >= from && offset + length <= size) return;
  throw new AppError('invalid-input', {
    message: `The range of ${length} bytes at ${offset} overlaps another one or lies outside the disk.`,
    details: { field: 'ranges', offset: String(offset), length: String(length), diskSize: String(size) },
  });
}

function runsOf(range: DiskRange, shape: DiskShape): BlockRun[] {
  if (range.length === 0) return [];
  const { blockSize, size } = shape;
  const end = range.offset + range.length;
  const first = Math.floor(range.offset / blockSize);
  const after = Math.ceil(end / blockSize);
  if (range.cleared !== true) return [{ kind: 'read', first, count: after - first }];
  const innerFirst = Math.ceil(range.offset / blockSize);
  const innerAfter = end === size ? after : Math.floor(end / blockSize);
  if (innerAfter <= innerFirst) return [{ kind: 'read', first, count: after - first }];
  return [
    { kind: 'read', first, count: innerFirst - first },
    { kind: 'clear', first: innerFirst, count: innerAfter - innerFirst },
    { kind: 'read', first: innerAfter, count: after - innerAfter },
  ];
}

/** Adds what of `run` is new, joined to the last run when it continues it. */
function append(runs: BlockRun[], run: BlockRun): void {
  const last = runs.at(-1);
  const covered = last === undefined ? 0 : last.first + last.count;
  const first = Math.max(run.first, covered);
  const count = run.first + run.count - first;
  if (count <= 0) return;
  if (last !== undefined && last.kind === run.kind && covered === first) {
    runs[runs.length - 1] = { ...last, count: last.count + count };
  } else {
    runs.push({ ...run, first, count });
  }
}

/** A plan with more reads added, where they are not in it already; a clear that they reach into is read. Both ascending. */
export function mergeRuns(runs: readonly BlockRun[], more: readonly BlockRun[]): BlockRun[] {
  const merged: BlockRun[] = [];
  let next = 0;
  for (const run of runs) {
    for (let extra = more[next]; extra !== undefined && extra.first < run.first; extra = more[++next]) {
      append(merged, extra);
    }
    append(merged, run);
  }
  for (const extra of more.slice(next)) append(merged, extra);
  return merged;
}

/** Reads of at most `maxBlocks` blocks, so that many fit in flight. Clears stay whole. */
export function* cutRuns(runs: Iterable<BlockRun>, maxBlocks: number): Generator<BlockRun> {
  for (const run of runs) {
    if (run.kind === 'clear') {
      yield run;
      continue;
    }
    for (let done = 0; done < run.count; done += maxBlocks) {
      yield { kind: 'read', first: run.first + done, count: Math.min(maxBlocks, run.count - done) };
    }
  }
}

/** Bytes of a run; the disk's last block may be short. */
export function runBytes(shape: DiskShape, run: BlockRun): { offset: number; length: number } {
  const offset = run.first * shape.blockSize;
  return { offset, length: Math.min(shape.size, offset + run.count * shape.blockSize) - offset };
}
