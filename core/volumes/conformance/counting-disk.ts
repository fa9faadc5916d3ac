import type { ReadableDisk } from '../disk/index.ts';

/** Passes everything on and counts what is asked of the disk. */
export class CountingDisk implements ReadableDisk {
  requests = 0;
  bytes = 0;
  readonly size: number;
  readonly #disk: ReadableDisk;

  constructor(disk: ReadableDisk) {
    this.#disk = disk;
    this.size = disk.size;
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    this.requests++;
    this.bytes += length;
    return this.#disk.read(offset, length, signal);
  }
}
