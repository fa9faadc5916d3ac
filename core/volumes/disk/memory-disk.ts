import type { ReadableDisk } from './readable-disk.ts';

/** A disk whose bytes are in memory: small images, decompressed samples. */
export class MemoryDisk implements ReadableDisk {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.#bytes.subarray(offset, offset + length);
  }
}
