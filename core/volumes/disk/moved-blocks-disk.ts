import type { ReadableDisk } from './readable-disk.ts';

/** Where the newest copy of a block is, and bytes to put back at its start (escaped journal blocks). */
export interface MovedBlock {
  readonly at: number;
  readonly prefix?: Uint8Array;
}

/**
 * A throw-away overlay that costs no copies: blocks whose newest content is elsewhere on the same disk (in
 * its journal) are read from there. The disk itself is never written.
 */
export class MovedBlocksDisk implements ReadableDisk {
  readonly size: number;
  readonly #disk: ReadableDisk;
  readonly #blockSize: number;
  readonly #moved: ReadonlyMap<number, MovedBlock>;

  constructor(disk: ReadableDisk, blockSize: number, moved: ReadonlyMap<number, MovedBlock>) {
    this.#disk = disk;
    this.size = disk.size;
    this.#blockSize = blockSize;
    this.#moved = moved;
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (!this.#touches(offset, length)) return this.#disk.read(offset, length, signal);
    const out = new Uint8Array(length);
    const base = await this.#disk.read(offset, length, signal);
    out.set(base);
    const first = Math.floor(offset / this.#blockSize);
    const last = Math.floor((offset + length - 1) / this.#blockSize);
    for (let block = first; block <= last; block++) {
      const moved = this.#moved.get(block);
      if (moved === undefined) continue;
      const content = Uint8Array.from(await this.#disk.read(moved.at, this.#blockSize, signal));
      if (moved.prefix !== undefined) content.set(moved.prefix);
      const start = block * this.#blockSize;
      const from = Math.max(offset, start);
      const to = Math.min(offset + length, start + this.#blockSize);
      out.set(content.subarray(from - start, to - start), from - offset);
    }
    return out;
  }

  #touches(offset: number, length: number): boolean {
    const last = Math.floor((offset + length - 1) / this.#blockSize);
    for (let block = Math.floor(offset / this.#blockSize); block <= last; block++)
      if (this.#moved.has(block)) return true;
    return false;
  }
}
