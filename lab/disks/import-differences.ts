import { CHUNK_BYTES } from './chunk-map.ts';
import { dataRuns } from './disk-image.ts';
import type { Volume } from './volume.ts';

const WINDOW_BYTES = 4 * 1024 * 1024;

/** What a disk is to hold from now on. */
export interface NextContent {
  /** Fills `target` with the bytes from `offset` on. */
  readonly read: (offset: number, target: Buffer) => Promise<void>;
  /** Everything outside reads as zero; undefined when nobody knows. */
  readonly dataRanges?: readonly { readonly start: number; readonly end: number }[] | undefined;
}

export interface ImportTotals {
  readonly changedBytes: number;
  readonly clearedBytes: number;
}

/** Makes a volume equal to `next`: differing chunks are written, chunks that are zero now are given back. */
export async function importDifferences(
  volume: Volume,
  next: NextContent,
  signal: AbortSignal,
): Promise<ImportTotals> {
  const totals = { changedBytes: 0, clearedBytes: 0 };
  const mine = Buffer.alloc(WINDOW_BYTES);
  const theirs = Buffer.alloc(WINDOW_BYTES);
  for (const window of windowsOf(volume, next)) {
    signal.throwIfAborted();
    const length = window.end - window.start;
    await next.read(window.start, theirs.subarray(0, length));
    await volume.read(window.start, mine.subarray(0, length));
    if (mine.compare(theirs, 0, length, 0, length) === 0) continue;
    for (const run of differentRuns(mine.subarray(0, length), theirs.subarray(0, length))) {
      const bytes = theirs.subarray(run.start, run.end);
      if (run.zero) await volume.clear(window.start + run.start, bytes.byteLength);
      else await volume.write(window.start + run.start, bytes);
      totals[run.zero ? 'clearedBytes' : 'changedBytes'] += bytes.byteLength;
    }
  }
  return totals;
}

/** Pieces of the volume, aligned to chunks, where either side may hold data; ascending, none twice. */
function* windowsOf(volume: Volume, next: NextContent): Generator<{ start: number; end: number }> {
  const theirs = next.dataRanges ?? [{ start: 0, end: volume.sizeBytes }];
  const ranges = [...volume.map.allocated(), ...theirs].sort((a, b) => a.start - b.start);
  let done = 0;
  for (const range of ranges) {
    const end = Math.min(Math.ceil(range.end / CHUNK_BYTES) * CHUNK_BYTES, volume.sizeBytes);
    let start = Math.max(done, Math.floor(range.start / CHUNK_BYTES) * CHUNK_BYTES);
    for (; start < end; start += WINDOW_BYTES) yield { start, end: Math.min(start + WINDOW_BYTES, end) };
    done = Math.max(done, end);
  }
}

/** Runs of chunks that differ, told apart by whether the new bytes are all zero. */
function differentRuns(mine: Buffer, theirs: Buffer): { start: number; end: number; zero: boolean }[] {
  const runs: { start: number; end: number; zero: boolean }[] = [];
  for (let at = 0; at < theirs.byteLength; at += CHUNK_BYTES) {
    const end = Math.min(at + CHUNK_BYTES, theirs.byteLength);
    if (mine.compare(theirs, at, end, at, end) === 0) continue;
    const whole = end - at === CHUNK_BYTES;
    const zero = whole && dataRuns(theirs.subarray(at, end)).length === 0;
    const last = runs.at(-1);
    if (last !== undefined && last.end === at && last.zero === zero) last.end = end;
    else runs.push({ start: at, end, zero });
  }
  return runs;
}
