import type { ChunkMap } from './chunk-map.ts';
import { CHUNK_BYTES } from './chunk-map.ts';
import type { ChunkPool } from './chunk-pool.ts';
import { makeVhdFooter, VHD_FOOTER_BYTES } from './vhd-footer.ts';

export interface VolumeIdentity {
  readonly uniqueId: string;
  readonly kind: 'disk' | 'snapshot';
  readonly poolId: string;
  readonly familyId: string | undefined;
  readonly sequence: number;
  readonly createdAt: number;
}

/** The bytes of one disk or snapshot. Offsets are bytes; the VHD footer lies right behind the disk's last byte. */
export class Volume {
  readonly identity: VolumeIdentity;
  readonly pool: ChunkPool;
  map: ChunkMap;
  sizeBytes: number;
  /** A direct upload that has not ended. */
  upload = false;
  /** Why an uploaded disk cannot be used. */
  problem: string | undefined;
  footer: Buffer | undefined;
  /** Changed at every write; what an HTTP client sees as its etag. */
  version: number;
  mapDirty = true;
  #sharedAt: number;
  #partial: Promise<void> = Promise.resolve();

  constructor(identity: VolumeIdentity, content: { pool: ChunkPool; map: ChunkMap; sizeBytes: number }) {
    this.identity = identity;
    this.pool = content.pool;
    this.map = content.map;
    this.sizeBytes = content.sizeBytes;
    this.version = identity.createdAt;
    this.#sharedAt = this.pool.clock;
    this.pool.clock += 1;
  }

  /** Length a SAS of this disk shows. */
  get blobBytes(): number {
    return this.sizeBytes + VHD_FOOTER_BYTES;
  }

  /** A map of the bytes as they are now; later writes here do not show in it. */
  forkMap(): ChunkMap {
    this.#sharedAt = this.pool.clock;
    this.pool.clock += 1;
    return this.map.fork();
  }

  /** Fills `target` with the bytes from `offset` on, footer included. */
  async read(offset: number, target: Uint8Array): Promise<void> {
    const inDisk = Math.max(0, Math.min(target.byteLength, this.sizeBytes - offset));
    if (inDisk > 0) await this.#readDisk(offset, target.subarray(0, inDisk));
    if (inDisk < target.byteLength) {
      const from = offset + inDisk - this.sizeBytes;
      this.#footerBytes().copy(target, inDisk, from, from + target.byteLength - inDisk);
    }
  }

  #footerBytes(): Buffer {
    if (this.upload || this.footer !== undefined) return this.footer ?? Buffer.alloc(VHD_FOOTER_BYTES);
    return makeVhdFooter(this.sizeBytes, this.identity.uniqueId);
  }

  async #readDisk(offset: number, target: Uint8Array): Promise<void> {
    const first = Math.floor(offset / CHUNK_BYTES);
    const end = Math.ceil((offset + target.byteLength) / CHUNK_BYTES);
    const reads: Promise<void>[] = [];
    for (const run of this.map.runs(first, end - first)) {
      const runStart = Math.max(run.chunk * CHUNK_BYTES, offset);
      const runEnd = Math.min((run.chunk + run.count) * CHUNK_BYTES, offset + target.byteLength);
      const part = target.subarray(runStart - offset, runEnd - offset);
      if (run.slot === 0) part.fill(0);
      else reads.push(this.pool.read(run.slot - 1, runStart - run.chunk * CHUNK_BYTES, part));
    }
    await Promise.all(reads);
  }

  /** Writes `bytes` (any length) at `offset`; resolves when later reads see them. */
  async write(offset: number, bytes: Uint8Array): Promise<void> {
    const inDisk = Math.max(0, Math.min(bytes.byteLength, this.sizeBytes - offset));
    if (inDisk < bytes.byteLength) {
      this.footer ??= Buffer.alloc(VHD_FOOTER_BYTES);
      this.footer.set(bytes.subarray(inDisk), offset + inDisk - this.sizeBytes);
    }
    const head = Math.min(inDisk, (CHUNK_BYTES - (offset % CHUNK_BYTES)) % CHUNK_BYTES);
    const whole = Math.floor((inDisk - head) / CHUNK_BYTES) * CHUNK_BYTES;
    if (head > 0) await this.#writePartial(offset, bytes.subarray(0, head));
    if (whole > 0) await this.#writeWhole((offset + head) / CHUNK_BYTES, bytes.subarray(head, head + whole));
    if (head + whole < inDisk) {
      await this.#writePartial(offset + head + whole, bytes.subarray(head + whole, inDisk));
    }
    this.#changed();
  }

  /** Makes a range read as zero and gives its chunks back. */
  async clear(offset: number, length: number): Promise<void> {
    const end = Math.min(offset + length, this.sizeBytes);
    if (offset + length > this.sizeBytes) {
      const from = Math.max(offset, this.sizeBytes) - this.sizeBytes;
      this.footer?.fill(0, from, offset + length - this.sizeBytes);
    }
    const first = Math.ceil(offset / CHUNK_BYTES);
    const last = end === this.sizeBytes ? Math.ceil(end / CHUNK_BYTES) : Math.floor(end / CHUNK_BYTES);
    if (first < last) this.map.set(first, last - first, 0);
    const headEnd = Math.min(first * CHUNK_BYTES, end);
    const tailStart = Math.max(last * CHUNK_BYTES, headEnd);
    for (const [from, to] of [
      [offset, headEnd],
      [tailStart, end],
    ] as const) {
      const allocated = from < to && this.map.get(Math.floor(from / CHUNK_BYTES)) !== 0;
      if (allocated) await this.#writePartial(from, Buffer.alloc(to - from));
    }
    this.pool.wantSweep();
    this.#changed();
  }

  #changed(): void {
    this.version += 1;
    this.mapDirty = true;
  }

  /** Runs of chunks that are all ours are overwritten in place, any others go to new slots. */
  async #writeWhole(chunk: number, bytes: Uint8Array): Promise<void> {
    await this.pool.during(async () => {
      const count = bytes.byteLength / CHUNK_BYTES;
      const slot = this.map.get(chunk);
      const inPlace = slot !== 0 && this.#ownRun(chunk, count, slot);
      if (inPlace) return this.pool.overwrite(slot - 1, bytes);
      const fresh = await this.pool.append(bytes);
      this.map.set(chunk, count, fresh + 1);
    });
  }

  #ownRun(chunk: number, count: number, slot: number): boolean {
    for (let i = 0; i < count; i += 1) {
      if (this.map.get(chunk + i) !== slot + i) return false;
      if (!this.pool.isOwnSince(slot - 1 + i, this.#sharedAt)) return false;
    }
    return true;
  }

  /** A piece of one chunk: read, change, write; one at a time, because two pieces may share the chunk. */
  #writePartial(offset: number, bytes: Uint8Array): Promise<void> {
    const step = this.#partial.then(async () => {
      const chunk = Math.floor(offset / CHUNK_BYTES);
      const whole = Buffer.alloc(CHUNK_BYTES);
      const slot = this.map.get(chunk);
      if (slot !== 0) await this.pool.read(slot - 1, 0, whole);
      whole.set(bytes, offset - chunk * CHUNK_BYTES);
      await this.#writeWhole(chunk, whole);
    });
    this.#partial = step.catch(() => undefined);
    return step;
  }
}
