import { AppError } from '../../contract/index.ts';
import { Fields } from '../disk/index.ts';
import type { LogPlace, LogRecord } from './log-records.ts';

const operation = { start: 1, commit: 2, continued: 4, wasContinued: 8, end: 0x10, unmount: 0x20 } as const;
const HEADER = 12;
const TRANSACTION_HEADER = 16;

/** What one transaction says of one thing: a format region that describes it, then regions of bytes. */
export interface LogItem {
  readonly type: number;
  readonly regions: readonly Uint8Array[];
}

export interface LogTransaction {
  /** Where the transaction started. */
  readonly place: LogPlace;
  readonly items: readonly LogItem[];
}

interface OpenTransaction {
  readonly place: LogPlace;
  readonly regions: Uint8Array[];
  bytes: number;
}

/** Puts the operations of records together to transactions, which may lie across many records. */
export class TransactionAssembler {
  readonly #open = new Map<number, OpenTransaction>();
  readonly #budget: number;
  #held = 0;

  /** `budget` bounds the bytes of transactions that have not been committed yet. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** The transactions that this record commits, in order. */
  take(record: LogRecord): LogTransaction[] {
    const committed: LogTransaction[] = [];
    const body = new Fields(record.body, 'log operation', 'big');
    let at = 0;
    for (let count = 0; count < record.operations && at + HEADER <= body.length; count++) {
      const id = body.u32(at);
      const length = body.u32(at + 4);
      const flags = body.u8(at + 9);
      const bytes = body.slice(at + HEADER, length);
      at += HEADER + length;
      if (flags & operation.start) this.#open.set(id, { place: record.place, regions: [], bytes: 0 });
      else if (flags & operation.commit) {
        const finished = this.#close(id);
        if (finished !== undefined)
          committed.push({ place: finished.place, items: itemsOf(finished.regions) });
      } else if (flags & operation.unmount) this.#close(id);
      else this.#add(id, flags, bytes);
    }
    return committed;
  }

  #add(id: number, flags: number, bytes: Uint8Array): void {
    const transaction = this.#open.get(id);
    if (transaction === undefined) return;
    const { regions } = transaction;
    transaction.bytes += bytes.length;
    this.#held += bytes.length;
    if (this.#held > this.#budget)
      throw new AppError('not-supported', {
        message: 'The log of this volume holds changes larger than the memory allowed for replaying it.',
      });
    const last = regions.at(-1);
    if (flags & operation.wasContinued && last !== undefined)
      regions[regions.length - 1] = Buffer.concat([last, bytes]);
    else regions.push(bytes);
  }

  #close(id: number): OpenTransaction | undefined {
    const transaction = this.#open.get(id);
    this.#open.delete(id);
    this.#held -= transaction?.bytes ?? 0;
    return transaction;
  }
}

/** The first region is the transaction's header; each item's first region says how many regions it has. */
function itemsOf(regions: readonly Uint8Array[]): LogItem[] {
  const items: LogItem[] = [];
  const headless = regions[0]?.length === TRANSACTION_HEADER ? 1 : 0;
  for (let at = headless; at < regions.length; ) {
    const format = new Fields(regions[at] ?? new Uint8Array(0), 'log item');
    const count = Math.max(1, format.u16(2));
    items.push({ type: format.u16(0), regions: regions.slice(at, at + count) });
    at += count;
  }
  return items;
}
