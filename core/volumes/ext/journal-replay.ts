import { AppError } from '../../contract/index.ts';
import { Fields, type MovedBlock, type ReadableDisk, stopIfAborted } from '../disk/index.ts';
import type { FindRun } from '../tree/index.ts';
import { type FastCommits, readFastCommits } from './fast-commits.ts';
import {
  commitHolds,
  dataHolds,
  type JournalSuperblock,
  journalBlock,
  journalFeature,
  journalHeader,
  journalTags,
  parseJournalSuperblock,
  revokedBlocks,
  tailHolds,
} from './journal-format.ts';

const MAGIC_BYTES = Uint8Array.of(0xc0, 0x3b, 0x39, 0x98);

export interface JournalReplay {
  /** Newest copies, in the journal, of blocks of the volume. */
  readonly moved: ReadonlyMap<number, MovedBlock>;
  readonly transactions: number;
  readonly superblock: JournalSuperblock;
  /** Changes behind the last whole transaction; undefined where the journal does not use them. */
  readonly fastCommits: FastCommits | undefined;
  /** Set when the log could not be followed as far as it was written. */
  readonly problem: string | undefined;
}

interface Journal {
  readonly disk: ReadableDisk;
  readonly superblock: JournalSuperblock;
  /** Byte offset on the volume of a block of the journal. */
  place(block: number, signal: AbortSignal): Promise<number>;
}

/** One committed transaction: which journal blocks hold which volume blocks, and what it revokes. */
interface Transaction {
  readonly sequence: number;
  readonly copies: { readonly target: number; readonly at: number; readonly escaped: boolean }[];
  readonly revoked: number[];
}

/**
 * Reads the committed transactions of a jbd2 journal. Nothing is written anywhere: what comes back says
 * where the newest copy of each block is. Undefined when there is no usable journal.
 */
export async function replayJournal(
  disk: ReadableDisk,
  file: { size: number; blockSize: number; findRun: FindRun },
  signal: AbortSignal,
): Promise<JournalReplay | undefined> {
  const place = async (block: number, stop: AbortSignal): Promise<number> => {
    const position = block * file.blockSize;
    const run = await file.findRun(position, stop);
    if (run.at === undefined) throw new AppError('damaged', { message: 'The journal has a hole.' });
    return run.at + position - run.start;
  };
  if (file.size < file.blockSize) return undefined;
  const head = new Fields(await disk.read(await place(0, signal), 1024, signal), 'journal', 'big');
  const superblock = parseJournalSuperblock(head);
  if (superblock === undefined || !isSane(superblock, file)) return undefined;
  const empty = { moved: new Map(), transactions: 0, superblock, fastCommits: undefined, problem: undefined };
  if (superblock.start === 0) return empty;
  const journal = { disk, superblock, place };
  const { transactions, problem, next } = await readTransactions(journal, signal);
  const usesFast = (superblock.features & journalFeature.fastCommit) !== 0 && problem === undefined;
  const fastCommits = usesFast ? await readFastCommits(fastBlocks(journal, signal), next) : undefined;
  const moved = newestCopies(transactions);
  return { moved, transactions: transactions.length, superblock, fastCommits, problem };
}

/** Fast commits are kept behind the ring of whole transactions; the block between them is not used. */
async function* fastBlocks(journal: Journal, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { end, blocks } = journal.superblock;
  for (let block = end + 1; block < blocks; block++) yield (await readBlock(journal, block, signal)).bytes;
}

function isSane(superblock: JournalSuperblock, file: { size: number; blockSize: number }): boolean {
  return (
    superblock.blockSize === file.blockSize &&
    superblock.blocks * file.blockSize <= file.size &&
    superblock.first >= 1 &&
    superblock.first < superblock.end &&
    superblock.start < superblock.end
  );
}

/** A block's copy counts unless the same or a later transaction revokes the block. Later copies win. */
function newestCopies(transactions: readonly Transaction[]): Map<number, MovedBlock> {
  const revokedIn = new Map<number, number>();
  for (const [order, transaction] of transactions.entries())
    for (const block of transaction.revoked) revokedIn.set(block, order);
  const moved = new Map<number, MovedBlock>();
  for (const [order, transaction] of transactions.entries())
    for (const copy of transaction.copies) {
      if (order <= (revokedIn.get(copy.target) ?? -1)) continue;
      moved.set(copy.target, copy.escaped ? { at: copy.at, prefix: MAGIC_BYTES } : { at: copy.at });
    }
  return moved;
}

async function readTransactions(
  journal: Journal,
  signal: AbortSignal,
): Promise<{ transactions: Transaction[]; problem: string | undefined; next: number }> {
  const transactions: Transaction[] = [];
  const cursor = new LogCursor(journal.superblock);
  let next = journal.superblock.sequence;
  for (; cursor.left > 0; next = (next + 1) >>> 0) {
    const outcome = await readTransaction(journal, { cursor, sequence: next }, signal);
    if (typeof outcome === 'string') return { transactions, problem: outcome, next };
    if (outcome === undefined) break;
    transactions.push(outcome);
  }
  return { transactions, problem: undefined, next };
}

/** Undefined at the end of the log; a sentence when a committed transaction turns out to be damaged. */
async function readTransaction(
  journal: Journal,
  place: { cursor: LogCursor; sequence: number },
  signal: AbortSignal,
): Promise<Transaction | string | undefined> {
  const { cursor, sequence } = place;
  const transaction: Transaction = { sequence, copies: [], revoked: [] };
  let intact = true;
  while (cursor.left > 0) {
    stopIfAborted(signal);
    const { bytes } = await readBlock(journal, cursor.take(), signal);
    const block = new Fields(bytes, 'journal', 'big');
    const header = journalHeader(block);
    if (header === undefined || header.sequence !== sequence) return undefined;
    if (header.type === journalBlock.descriptor) {
      if (!tailHolds(block, journal.superblock)) return undefined;
      intact = (await readCopies(journal, { cursor, block, transaction }, signal)) && intact;
    } else if (header.type === journalBlock.revoke) {
      if (!tailHolds(block, journal.superblock)) return undefined;
      for (const revoked of revokedBlocks(block, journal.superblock)) transaction.revoked.push(revoked);
    } else if (header.type === journalBlock.commit) {
      if (!commitHolds(block, journal.superblock)) return undefined;
      return intact ? transaction : 'A committed change in the journal is damaged; newer ones were left out.';
    } else return undefined;
  }
  return undefined;
}

async function readCopies(
  journal: Journal,
  place: { cursor: LogCursor; block: Fields; transaction: Transaction },
  signal: AbortSignal,
): Promise<boolean> {
  let intact = true;
  const { cursor, transaction } = place;
  for (const tag of journalTags(place.block, journal.superblock)) {
    if (cursor.left === 0) return false;
    const { bytes, at } = await readBlock(journal, cursor.take(), signal);
    const check = { superblock: journal.superblock, sequence: transaction.sequence };
    intact = intact && dataHolds(bytes, tag, check);
    transaction.copies.push({ target: tag.block, at, escaped: tag.escaped });
  }
  return intact;
}

async function readBlock(
  journal: Journal,
  block: number,
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array; at: number }> {
  const at = await journal.place(block, signal);
  return { bytes: await journal.disk.read(at, journal.superblock.blockSize, signal), at };
}

/** Goes through the log once at most, from its start around to its start. */
class LogCursor {
  readonly #superblock: JournalSuperblock;
  #next: number;
  left: number;

  constructor(superblock: JournalSuperblock) {
    this.#superblock = superblock;
    this.#next = Math.max(superblock.start, superblock.first);
    this.left = superblock.end - superblock.first;
  }

  take(): number {
    const block = this.#next;
    this.left--;
    this.#next = block + 1 >= this.#superblock.end ? this.#superblock.first : block + 1;
    return block;
  }
}
