import { damaged } from './damage.ts';
import type { ReadableDisk } from './readable-disk.ts';

/** A part of a disk (a partition) as a disk of its own. Every read outside of it is refused. */
export class DiskSlice implements ReadableDisk {
  readonly size: number;
  readonly #disk: ReadableDisk;
  readonly #start: number;

  /** A slice that claims more than the disk has is cut at the disk's end. */
  constructor(disk: ReadableDisk, start: number, size: number) {
    this.#disk = disk;
    this.#start = start;
    this.size = Math.max(0, Math.min(size, disk.size - start));
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size))
      throw damaged('layout', 'something points outside of its volume');
    return this.#disk.read(this.#start + offset, length, signal);
  }
}
