import { constants, type FileHandle, open } from 'node:fs/promises';
import { CHUNK_BYTES } from './chunk-map.ts';

export interface ChunkPoolFiles {
  /** File that takes what is written; created when missing. */
  readonly dataFile: string;
  /** Disk image whose chunk i is slot i; only read. */
  readonly baseFile: string | undefined;
  readonly baseBytes: number;
  /** First slot that was never handed out, from the last run. */
  readonly nextSlot?: number;
}

/**
 * Chunks of one group of related disks: slots below `baseSlots` are the base image itself, the others lie in one data
 * file. Slots are never overwritten while a snapshot may still need them; what nobody needs is reused.
 */
export class ChunkPool {
  readonly baseSlots: number;
  /** Moves on at every fork; tells which slots a disk has had for itself since. */
  clock = 1;
  #nextSlot: number;
  #free: { slot: number; count: number }[] = [];
  #bornAt = new Uint32Array(1024);
  #inFlight = 0;
  #sweepWanted = false;
  readonly #data: FileHandle;
  readonly #base: FileHandle | undefined;
  readonly #usedSlots: (visit: (slot: number) => void) => void;

  private constructor(
    data: FileHandle,
    base: FileHandle | undefined,
    files: ChunkPoolFiles,
    usedSlots: (visit: (slot: number) => void) => void,
  ) {
    this.#data = data;
    this.#base = base;
    this.#usedSlots = usedSlots;
    this.baseSlots = Math.ceil(files.baseBytes / CHUNK_BYTES);
    this.#nextSlot = Math.max(files.nextSlot ?? 0, this.baseSlots);
  }

  /** `usedSlots` visits every slot that some disk of the pool still points at. */
  static async open(
    files: ChunkPoolFiles,
    usedSlots: (visit: (slot: number) => void) => void,
  ): Promise<ChunkPool> {
    const data = await open(files.dataFile, constants.O_RDWR | constants.O_CREAT, 0o600);
    const base = files.baseFile === undefined ? undefined : await open(files.baseFile, 'r');
    return new ChunkPool(data, base, files, usedSlots);
  }

  get nextSlot(): number {
    return this.#nextSlot;
  }

  /** True when no fork can have seen this slot, so that it may be overwritten in place. */
  isOwnSince(slot: number, sharedAt: number): boolean {
    return slot >= this.baseSlots && (this.#bornAt[slot - this.baseSlots] ?? 0) > sharedAt;
  }

  /** Hands out `count` consecutive slots and writes to them; `bytes` is a multiple of the chunk size. */
  async append(bytes: Uint8Array): Promise<number> {
    const slot = this.#allocate(bytes.byteLength / CHUNK_BYTES);
    await this.overwrite(slot, bytes);
    return slot;
  }

  async overwrite(slot: number, bytes: Uint8Array): Promise<void> {
    const position = (slot - this.baseSlots) * CHUNK_BYTES;
    let done = 0;
    while (done < bytes.byteLength) {
      const { bytesWritten } = await this.#data.write(bytes, done, bytes.byteLength - done, position + done);
      done += bytesWritten;
    }
  }

  /** Slots handed out within `change` count as used until it has put them into a map. */
  async during<T>(change: () => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await change();
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Fills `target` from the slots starting at `slot`, `skip` bytes into the first. A short base image reads as zero. */
  async read(slot: number, skip: number, target: Uint8Array): Promise<void> {
    const beforeData = (this.baseSlots - slot) * CHUNK_BYTES - skip;
    if (beforeData > 0 && beforeData < target.byteLength) {
      await this.read(slot, skip, target.subarray(0, beforeData));
      return this.read(this.baseSlots, 0, target.subarray(beforeData));
    }
    const inBase = slot < this.baseSlots;
    const handle = inBase ? this.#base : this.#data;
    if (handle === undefined) throw new Error('disk pool has no base image');
    const position = (inBase ? slot : slot - this.baseSlots) * CHUNK_BYTES + skip;
    let done = 0;
    while (done < target.byteLength) {
      const { bytesRead } = await handle.read(target, done, target.byteLength - done, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    target.fill(0, done);
  }

  /** Asks for a search for unused slots before the next allocation. */
  wantSweep(): void {
    this.#sweepWanted = true;
  }

  #allocate(count: number): number {
    // The change that asks has no slots outside the maps yet; any other one may.
    if (this.#sweepWanted && this.#inFlight <= 1) this.#sweep();
    const fit = this.#free.findIndex((run) => run.count >= count);
    const run = this.#free[fit];
    let slot = this.#nextSlot;
    if (run === undefined) {
      this.#nextSlot += count;
    } else {
      slot = run.slot;
      if (run.count === count) this.#free.splice(fit, 1);
      else this.#free[fit] = { slot: run.slot + count, count: run.count - count };
    }
    this.#remember(slot, count);
    return slot;
  }

  #remember(slot: number, count: number): void {
    const first = slot - this.baseSlots;
    if (first + count > this.#bornAt.length) {
      const grown = new Uint32Array(Math.max(this.#bornAt.length * 2, first + count));
      grown.set(this.#bornAt);
      this.#bornAt = grown;
    }
    this.#bornAt.fill(this.clock, first, first + count);
  }

  #sweep(): void {
    this.#sweepWanted = false;
    const used = new Uint8Array(this.#nextSlot - this.baseSlots);
    this.#usedSlots((slot) => {
      if (slot >= this.baseSlots) used[slot - this.baseSlots] = 1;
    });
    this.#free = [];
    let start = -1;
    for (let i = 0; i <= used.length; i += 1) {
      const unused = i < used.length && used[i] === 0;
      if (unused && start < 0) start = i;
      if (!unused && start >= 0) {
        if (i === used.length) this.#nextSlot = start + this.baseSlots;
        else this.#free.push({ slot: start + this.baseSlots, count: i - start });
        start = -1;
      }
    }
  }

  async close(): Promise<void> {
    await this.#data.close();
    await this.#base?.close();
  }
}
