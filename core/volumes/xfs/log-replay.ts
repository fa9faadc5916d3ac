import { Fields, type PatchedDisk } from '../disk/index.ts';
import { forkStart } from './inode.ts';
import {
  bufferFlag,
  coreForDisk,
  type InodeItem,
  inodeField,
  intentId,
  itemType,
  parseBufferItem,
  parseCreateItem,
  parseInodeItem,
} from './log-items.ts';
import { type LogRange, recordsIn } from './log-range.ts';
import type { LogPlace, XfsLog } from './log-records.ts';
import { type LogItem, type LogTransaction, TransactionAssembler } from './log-transactions.ts';
import { blockPlace, type XfsSuperblock } from './superblock.ts';

export interface LogReplayParts {
  readonly log: XfsLog;
  readonly range: LogRange;
  readonly superblock: XfsSuperblock;
  /** Where the changes go: a throw-away overlay. */
  readonly overlay: PatchedDisk;
  readonly budget: number;
}

export interface LogReplayOutcome {
  readonly transactions: number;
  /** Changes of file layouts that were begun and not finished when the disk was copied. */
  readonly unfinished: number;
}

/**
 * Replays an XFS log in the kernel's two passes: the first learns which buffers were freed later, the
 * second puts every other logged change into the overlay. Space accounting and quotas are of no use to a
 * reader and are left out.
 */
export async function replayLog(parts: LogReplayParts, signal: AbortSignal): Promise<LogReplayOutcome> {
  const cancelled = new CancelledBuffers();
  const intents = new Set<bigint>();
  for await (const transaction of transactionsIn(parts, signal))
    for (const item of transaction.items) {
      if (item.type === itemType.buffer) cancelled.learn(item);
      noteIntent(intents, item);
    }
  let transactions = 0;
  for await (const transaction of transactionsIn(parts, signal)) {
    transactions++;
    for (const item of inOrderOfReplay(transaction.items))
      await applyItem(parts, { item, place: transaction.place, cancelled }, signal);
  }
  return { transactions, unfinished: intents.size };
}

async function* transactionsIn(parts: LogReplayParts, signal: AbortSignal): AsyncGenerator<LogTransaction> {
  const assembler = new TransactionAssembler(parts.budget);
  for await (const record of recordsIn(parts.log, parts.range, signal)) yield* assembler.take(record);
}

function noteIntent(intents: Set<bigint>, item: LogItem): void {
  const { type, regions } = item;
  if (type === itemType.mapIntent || type === itemType.exchangeIntent) intents.add(intentId(regions));
  if (type === itemType.mapDone || type === itemType.exchangeDone) intents.delete(intentId(regions));
}

/** Buffers before the inodes that lie in them; cancellations last. */
function inOrderOfReplay(items: readonly LogItem[]): LogItem[] {
  const rank = (item: LogItem): number => {
    if (item.type === itemType.createInodes) return 0;
    if (item.type !== itemType.buffer) return 2;
    return parseBufferItem(item.regions).flags & bufferFlag.cancel ? 3 : 1;
  };
  const ranked = items.map((item) => ({ item, rank: rank(item) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
}

interface Step {
  readonly item: LogItem;
  readonly place: LogPlace;
  readonly cancelled: CancelledBuffers;
}

async function applyItem(parts: LogReplayParts, step: Step, signal: AbortSignal): Promise<void> {
  const { type } = step.item;
  if (type === itemType.buffer) await applyBuffer(parts, step, signal);
  else if (type === itemType.inode) await applyInode(parts, step, signal);
  else if (type === itemType.createInodes) await applyCreate(parts, step, signal);
}

async function applyBuffer(parts: LogReplayParts, step: Step, signal: AbortSignal): Promise<void> {
  const item = parseBufferItem(step.item.regions);
  if (item.flags & bufferFlag.cancel) return step.cancelled.passed(item.block, item.blocks);
  if (step.cancelled.has(item.block, item.blocks)) return;
  // Logged inode buffers carry only the list of unlinked inodes, quotas are of no use to a reader.
  if (item.flags & (bufferFlag.inodes | bufferFlag.quotas)) return;
  const start = item.block * 512;
  const first = new Fields(
    await parts.overlay.read(start, Math.min(512, item.blocks * 512), signal),
    'log',
    'big',
  );
  if (parts.superblock.version === 5 && isNewer(writtenAt(first), step.place)) return;
  for (const { at, bytes } of item.writes) await parts.overlay.write(start + at, bytes, signal);
}

/** Where in the kinds of blocks that matter here the place of their last change is kept (version 5). */
function writtenAt(block: Fields): LogPlace | undefined {
  const at: Readonly<Record<string, number>> = {
    BMA3: 32,
    XDB3: 16,
    XDD3: 16,
    XDF3: 16,
    XSLM: 48,
    XFSB: 240,
  };
  const place = at[block.ascii(0, 4)];
  return place === undefined ? undefined : { cycle: block.u32(place), block: block.u32(place + 4) };
}

/** Whether the disk already holds this change or a later one. */
function isNewer(written: LogPlace | undefined, place: LogPlace): boolean {
  if (written === undefined || (written.cycle === 0 && written.block === 0)) return false;
  return written.cycle > place.cycle || (written.cycle === place.cycle && written.block >= place.block);
}

async function applyInode(parts: LogReplayParts, step: Step, signal: AbortSignal): Promise<void> {
  const item = parseInodeItem(step.item.regions);
  if (step.cancelled.has(item.block, item.blocks)) return;
  const { inodeSize } = parts.superblock;
  const start = item.block * 512 + item.offset;
  const inode = Uint8Array.from(await parts.overlay.read(start, inodeSize, signal));
  const before = new Fields(inode, 'inode', 'big');
  const written = { cycle: before.u32(112), block: before.u32(116) };
  const v3 = before.u16(0) === 0x494e && before.u8(4) >= 3;
  if (
    v3 &&
    !(written.cycle === step.place.cycle && written.block === step.place.block) &&
    isNewer(written, step.place)
  )
    return;
  const core = coreForDisk(item.core);
  // The place of the next unlinked inode and the checksum behind it are not part of what is logged.
  inode.set(core.subarray(0, 96));
  if (core.length >= 176) inode.set(core.subarray(104, 176), 104);
  applyFork(inode, item);
  await parts.overlay.write(start, inode, signal);
}

function applyFork(inode: Uint8Array, item: InodeItem): void {
  const fields = new Fields(inode, 'inode', 'big');
  const start = forkStart(fields.u8(4));
  const fork = inode.subarray(start, start + (fields.u8(82) * 8 || inode.length - start));
  if (item.fields & inodeField.device) new DataView(fork.buffer, fork.byteOffset).setUint32(0, item.device);
  const { dataFork } = item;
  if (dataFork === undefined) return;
  if (item.fields & inodeField.root) rootForDisk(new Fields(dataFork, 'logged extent tree', 'big'), fork);
  else fork.set(dataFork.subarray(0, fork.length));
}

/** In memory the root of an extent tree has a whole block's header, and its pointers start elsewhere. */
function rootForDisk(root: Fields, fork: Uint8Array): void {
  const header = root.ascii(0, 4) === 'BMA3' ? 72 : 24;
  const count = root.u16(6);
  const mostThere = Math.floor((root.length - header) / 16);
  const mostHere = Math.floor((fork.length - 4) / 16);
  if (count > Math.min(mostThere, mostHere)) return;
  fork.set(root.slice(4, 4));
  fork.set(root.slice(header, count * 8), 4);
  fork.set(root.slice(header + mostThere * 8, count * 8), 4 + mostHere * 8);
}

/** Blocks that became inodes: every inode made there since is logged behind this. */
async function applyCreate(parts: LogReplayParts, step: Step, signal: AbortSignal): Promise<void> {
  const item = parseCreateItem(step.item.regions);
  const { superblock } = parts;
  if (item.blocks > 1024) return;
  const start = blockPlace(superblock, item.group * 2 ** superblock.groupBlockBits + item.block);
  if (step.cancelled.has(start / 512, inodeClusterBytes(superblock) / 512)) return;
  await parts.overlay.write(start, new Uint8Array(item.blocks * superblock.blockSize), signal);
}

/** Bytes of the buffers that inodes are read and freed in (version 5, aligned as by default). */
function inodeClusterBytes({ blockSize, inodeSize }: XfsSuperblock): number {
  return Math.max(blockSize, 8192 * (inodeSize / 256));
}

/**
 * Buffers whose blocks were freed by a later transaction: what was logged before that is void. The same
 * block can have been part of buffers of several lengths, one after the other.
 */
class CancelledBuffers {
  readonly #left = new Map<string, number>();

  learn(item: LogItem): void {
    const { flags, block, blocks } = parseBufferItem(item.regions);
    if (flags & bufferFlag.cancel) this.#change(block, blocks, 1);
  }

  has(block: number, blocks: number): boolean {
    return (this.#left.get(`${block}+${blocks}`) ?? 0) > 0;
  }

  passed(block: number, blocks: number): void {
    this.#change(block, blocks, -1);
  }

  #change(block: number, blocks: number, by: number): void {
    const key = `${block}+${blocks}`;
    this.#left.set(key, (this.#left.get(key) ?? 0) + by);
  }
}
