import { Fields } from '../disk/index.ts';
import {
  cycleOf,
  LOG_BLOCK,
  type LogPlace,
  type LogRecord,
  readLogBlocks,
  readRecord,
  type XfsLog,
} from './log-records.ts';

const UNMOUNT = 0x20;
/** Records that may be torn at once, with room to spare: the kernel writes at most eight side by side. */
const ATTEMPTS = 64;
const LOOK_BACK = 128;

/** The part of the log that has to be replayed. */
export interface LogRange {
  readonly tail: LogPlace;
  /** The last intact record. */
  readonly last: LogPlace;
}

/**
 * Finds what there is to replay: undefined when the volume was unmounted properly (or never mounted);
 * `unclear` when the log makes no sense.
 */
export async function findLogRange(
  log: XfsLog,
  signal: AbortSignal,
): Promise<LogRange | undefined | 'unclear'> {
  const head = await findHead(log, signal);
  if (head === undefined) return undefined;
  let end = head;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const last = await lastRecordBefore(log, end, signal);
    if (last === undefined) return 'unclear';
    if (isUnmountRecord(last)) return undefined;
    const reached = await follow(log, { tail: last.tail, last: last.place }, signal);
    if (reached === undefined) end = last.place;
    else if (same(reached.place, last.place)) return { tail: last.tail, last: last.place };
    else end = reached.next;
  }
  return 'unclear';
}

/** Reads the records of a range in their order. Ends early at a record that is not intact. */
export async function* recordsIn(
  log: XfsLog,
  range: LogRange,
  signal: AbortSignal,
): AsyncGenerator<LogRecord> {
  let read = 0;
  for (let place = range.tail; read <= log.blocks && !isAfter(place, range.last); ) {
    const record = await readRecord(log, place, signal);
    if (record === undefined) return;
    yield record;
    read += 1 + record.body.length / LOG_BLOCK;
    place = record.next;
  }
}

/** The last intact record on the way from the tail; undefined when there is none. */
async function follow(log: XfsLog, range: LogRange, signal: AbortSignal): Promise<LogRecord | undefined> {
  let reached: LogRecord | undefined;
  if (range.tail.block >= log.blocks) return undefined;
  for await (const record of recordsIn(log, range, signal)) reached = record;
  return reached;
}

/** The block where the next record would have been written; undefined when the log is empty. */
async function findHead(log: XfsLog, signal: AbortSignal): Promise<LogPlace | undefined> {
  const cycleAt = async (block: number): Promise<number> =>
    cycleOf(new Fields(await readLogBlocks(log, { block, count: 1 }, signal), 'log', 'big'));
  const first = await cycleAt(0);
  const last = await cycleAt(log.blocks - 1);
  if (first === 0) return undefined;
  if (first === last) return { cycle: first, block: log.blocks };
  let low = 0;
  let high = log.blocks - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((await cycleAt(middle)) === first) low = middle + 1;
    else high = middle;
  }
  return { cycle: first, block: low };
}

/** Goes back from `end`, once around at most, to the nearest intact record. */
async function lastRecordBefore(
  log: XfsLog,
  end: LogPlace,
  signal: AbortSignal,
): Promise<LogRecord | undefined> {
  let cycle = end.cycle;
  let upTo = end.block;
  for (let seen = 0; seen < log.blocks && cycle >= 0; ) {
    if (upTo === 0) {
      cycle--;
      upTo = log.blocks;
    }
    const from = Math.max(0, upTo - LOOK_BACK);
    const bytes = await readLogBlocks(log, { block: from, count: upTo - from }, signal);
    for (let block = upTo - 1; block >= from; block--) {
      const fields = new Fields(
        bytes.subarray((block - from) * LOG_BLOCK, (block - from + 1) * LOG_BLOCK),
        'log',
        'big',
      );
      const isHeader = fields.u32(0) !== cycleOf(fields) && fields.u32(4) === cycle;
      const record = isHeader ? await readRecord(log, { cycle, block }, signal) : undefined;
      if (record !== undefined && !isAfter(record.next, end)) return record;
    }
    seen += upTo - from;
    upTo = from;
  }
  return undefined;
}

/** The log of a volume that was unmounted ends with a record that says so. */
function isUnmountRecord(record: LogRecord): boolean {
  if (record.operations !== 1 || record.body.length < 12) return false;
  return (new Fields(record.body, 'log operation', 'big').u8(9) & UNMOUNT) !== 0;
}

function same(a: LogPlace, b: LogPlace): boolean {
  return a.cycle === b.cycle && a.block === b.block;
}

function isAfter(a: LogPlace, b: LogPlace): boolean {
  return a.cycle > b.cycle || (a.cycle === b.cycle && a.block > b.block);
}
