import { crc32c, Fields, type ReadableDisk, stopIfAborted } from '../disk/index.ts';

/** The log counts in blocks of this many bytes. */
export const LOG_BLOCK = 512;
const MAGIC = 0xfeedbabe;
const HEADER_COVERS = 32 * 1024;
const HEADER_BYTES = 328;
const LARGEST_RECORD = 1024 * 1024;

/** The log of a volume, as a ring of blocks. */
export interface XfsLog {
  readonly disk: ReadableDisk;
  /** Byte offset on the disk. */
  readonly start: number;
  readonly blocks: number;
}

/** A place in the log that orders all places: how often it went around, and the block. */
export interface LogPlace {
  readonly cycle: number;
  readonly block: number;
}

export interface LogRecord {
  readonly place: LogPlace;
  /** Where the oldest change begins that was still needed when this record was written. */
  readonly tail: LogPlace;
  /** Operations of the record, as they were before the log's own marks were put in. */
  readonly body: Uint8Array;
  readonly operations: number;
  /** Where the next record starts. */
  readonly next: LogPlace;
}

/** Bytes of `count` blocks from `block`, around the end of the log if need be. */
export async function readLogBlocks(
  log: XfsLog,
  range: { block: number; count: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  stopIfAborted(signal);
  const straight = Math.min(range.count, log.blocks - range.block);
  const at = log.start + range.block * LOG_BLOCK;
  const first = await log.disk.read(at, straight * LOG_BLOCK, signal);
  if (straight === range.count) return first;
  const rest = await log.disk.read(log.start, (range.count - straight) * LOG_BLOCK, signal);
  return Buffer.concat([first, rest]);
}

/** The cycle number that every block carries in its first bytes, a record's header in its second word. */
export function cycleOf(block: Fields): number {
  return block.u32(0) === MAGIC ? block.u32(4) : block.u32(0);
}

/** The record at a place, or undefined when there is none or it is torn. */
export async function readRecord(
  log: XfsLog,
  place: LogPlace,
  signal: AbortSignal,
): Promise<LogRecord | undefined> {
  const head = await readLogBlocks(log, { block: place.block, count: 1 }, signal);
  const header = new Fields(head, 'log record', 'big');
  const length = header.u32(12);
  if (header.u32(0) !== MAGIC || header.u32(4) !== place.cycle || header.u32(20) !== place.block)
    return undefined;
  if (length > LARGEST_RECORD || header.u32(8) > 2 || header.u32(300) > 1) return undefined;
  const headers = headerBlocks(header);
  const count = headers + Math.ceil(length / LOG_BLOCK);
  if (count >= log.blocks) return undefined;
  const all = await readLogBlocks(log, { block: place.block, count }, signal);
  const packed = all.subarray(headers * LOG_BLOCK, headers * LOG_BLOCK + length);
  if (!checksumHolds({ all, headers, packed })) return undefined;
  const end = place.block + count;
  const wraps = end >= log.blocks;
  return {
    place,
    tail: { cycle: header.u32(24), block: header.u32(28) },
    body: unpack(all, headers, length),
    operations: header.u32(40),
    next: { cycle: place.cycle + (wraps ? 1 : 0), block: wraps ? end - log.blocks : end },
  };
}

/** Records larger than 32 KiB have more header blocks, for more of the words that were moved there. */
function headerBlocks(header: Fields): number {
  const size = header.u32(8) === 2 ? header.u32(320) : 0;
  const single = header.u32(12) > size && header.u32(40) === 1;
  if (size <= HEADER_COVERS || single) return 1;
  return Math.min(Math.ceil(size / HEADER_COVERS), LARGEST_RECORD / HEADER_COVERS);
}

/** Zero means that no checksum was written (version 4). */
function checksumHolds(record: { all: Uint8Array; headers: number; packed: Uint8Array }): boolean {
  const stored = new Fields(record.all, 'log record').u32(32);
  if (stored === 0) return true;
  const header = Uint8Array.from(record.all.subarray(0, HEADER_BYTES));
  header.fill(0, 32, 36);
  let crc = crc32c(0xffffffff, header);
  const covered = Math.ceil(record.packed.length / HEADER_COVERS);
  for (let extra = 1; extra < covered && extra < record.headers; extra++)
    crc = crc32c(crc, record.all.subarray(extra * LOG_BLOCK, extra * LOG_BLOCK + 260));
  return (crc32c(crc, record.packed) ^ 0xffffffff) >>> 0 === stored;
}

/** Puts back the first word of each block, which the header keeps while the cycle stands in its place. */
function unpack(all: Uint8Array, headers: number, length: number): Uint8Array {
  const body = Uint8Array.from(all.subarray(headers * LOG_BLOCK, headers * LOG_BLOCK + length));
  const perHeader = HEADER_COVERS / LOG_BLOCK;
  for (let block = 0; block * LOG_BLOCK < length; block++) {
    const header = Math.floor(block / perHeader);
    if (header >= headers) break;
    const words = header === 0 ? 44 : header * LOG_BLOCK + 4;
    const word = all.subarray(words + (block % perHeader) * 4, words + (block % perHeader) * 4 + 4);
    body.set(word.subarray(0, Math.min(4, length - block * LOG_BLOCK)), block * LOG_BLOCK);
  }
  return body;
}
