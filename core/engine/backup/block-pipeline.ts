import { AppError } from '../../contract/index.ts';
import type { FinishedPack } from '../compute/pack-builder.ts';
import { isZero } from '../compute/zero-bytes.ts';
import { type Deferred, deferred } from '../concurrency.ts';
import type { BlockRef } from '../format/block-ref.ts';
import type { DiskSource } from '../model.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import type { KnownBlocks } from './known-blocks.ts';
import type { PackUploader } from './pack-uploader.ts';
import { ReadBuffers } from './read-buffers.ts';

export interface PipelineStatistics {
  bytesRead: number;
  deduplicatedBytes: number;
  zeroBytes: number;
}

export interface PipelineOptions {
  readonly repository: OpenRepository;
  readonly attempt: string;
  readonly known: KnownBlocks;
  readonly uploader: PackUploader;
  readonly packTarget: number;
  /** The longest read, in bytes. */
  readonly readLength: number;
  readonly signal?: AbortSignal;
}

export interface PipelineRead {
  readonly source: DiskSource;
  readonly offset: number;
  readonly length: number;
}

/**
 * Takes pieces of a disk through the engine: read, digest, look up, and only for what is new compress, seal,
 * pack. Many pieces are in flight at once; a block that several of them bring at the same time is stored once.
 */
export class BlockPipeline {
  readonly statistics: PipelineStatistics = { bytesRead: 0, deduplicatedBytes: 0, zeroBytes: 0 };
  readonly #options: PipelineOptions;
  readonly #buffers: ReadBuffers;
  readonly #inFlight = new Map<string, Deferred<BlockRef>>();

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#buffers = new ReadBuffers(options.readLength);
  }

  /** Where each block of this piece is stored; undefined for a block of zeros. */
  async process(read: PipelineRead): Promise<readonly (BlockRef | undefined)[]> {
    const { repository, signal } = this.#options;
    const bytes = await this.#read(read);
    this.statistics.bytesRead += read.length;
    const blockSize = repository.header.blockSize;
    // Holes of an image come in long stretches: asking a thread takes longer than looking.
    if (isZero(bytes)) return this.#allZero(bytes, blockSize);
    const { pool } = repository;
    const lane = pool.idlestLane();
    const job = pool.nextJob();
    const { ids } = await pool.run(lane, { op: 'digest', job, bytes, blockSize });
    const lengthOf = (index: number) => Math.min(blockSize, read.length - index * blockSize);
    for (const id of ids) if (id !== undefined) await this.#options.known.prepare(id, signal);
    const found = ids.map((id, index) => this.#lookUp(id, lengthOf(index)));
    await this.#storeNew({ lane, job, found });
    this.#buffers.giveBack(bytes);
    return Promise.all(found.map((block) => block.ref));
  }

  #allZero(bytes: Uint8Array, blockSize: number): undefined[] {
    this.statistics.zeroBytes += bytes.length;
    this.#buffers.giveBack(bytes);
    return Array.from({ length: Math.ceil(bytes.length / blockSize) }, () => undefined);
  }

  async #read(read: PipelineRead): Promise<Uint8Array> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    if (read.source.readInto === undefined) return readExactly(read, signal);
    const target = this.#buffers.take(read.length);
    await read.source.readInto(read.offset, target, signal);
    return target;
  }

  /** Closes the unfinished packs of all lanes. */
  async flush(): Promise<void> {
    const { repository, attempt, uploader } = this.#options;
    for (let lane = 0; lane < repository.pool.lanes; lane++) {
      const { packs } = await repository.pool.run(lane, { op: 'flush', attempt });
      for (const pack of packs) await uploader.submit(pack);
    }
  }

  #submit(lane: number, pack: FinishedPack): Promise<void> {
    const { repository, uploader } = this.#options;
    return uploader.submit(pack, () => {
      const [memory] = pack.parts;
      // A lane that has failed says so to the next one who wants something of it.
      if (memory !== undefined) repository.pool.run(lane, { op: 'reuse', memory }).catch(() => undefined);
    });
  }

  #lookUp(id: Uint8Array | undefined, length: number): FoundBlock {
    if (id === undefined) {
      this.statistics.zeroBytes += length;
      return { id, ref: undefined, claim: undefined };
    }
    const known = this.#options.known.find(id);
    const key = Buffer.from(id).toString('latin1');
    const pending = this.#inFlight.get(key);
    if (known !== undefined || pending !== undefined) {
      this.statistics.deduplicatedBytes += length;
      return { id, ref: known ?? pending?.promise, claim: undefined };
    }
    const claim = deferred<BlockRef>();
    this.#inFlight.set(key, claim);
    return { id, ref: claim.promise, claim: { key, handle: claim } };
  }

  async #storeNew(work: {
    readonly lane: number;
    readonly job: number;
    readonly found: readonly FoundBlock[];
  }): Promise<void> {
    const { repository, attempt, packTarget } = this.#options;
    const wanted = work.found.flatMap(({ id, claim }, index) =>
      id !== undefined && claim !== undefined ? [{ index, id, claim }] : [],
    );
    if (wanted.length === 0) {
      if (work.found.every(({ id }) => id === undefined)) return;
      await repository.pool.run(work.lane, { op: 'drop', job: work.job });
      return;
    }
    try {
      const blocks = wanted.map(({ index, id }) => ({ index, id }));
      const request = { op: 'store', job: work.job, attempt, packTarget, wanted: blocks } as const;
      const { refs, packs } = await repository.pool.run(work.lane, request);
      for (const [index, ref] of refs.entries()) this.#settle(wanted[index]?.claim, ref);
      for (const pack of packs) await this.#submit(work.lane, pack);
    } catch (thrown) {
      for (const { claim } of wanted) claim.handle.reject(thrown);
      throw thrown;
    }
  }

  #settle(claim: Claim | undefined, ref: BlockRef): void {
    if (claim === undefined) return;
    this.#options.known.add(ref);
    this.#inFlight.delete(claim.key);
    claim.handle.resolve(ref);
  }
}

interface Claim {
  readonly key: string;
  readonly handle: Deferred<BlockRef>;
}

interface FoundBlock {
  readonly id: Uint8Array | undefined;
  readonly ref: BlockRef | Promise<BlockRef> | undefined;
  /** Set when this piece has to store the block. */
  readonly claim: Claim | undefined;
}

async function readExactly(read: PipelineRead, signal?: AbortSignal): Promise<Uint8Array> {
  const bytes = await read.source.read(read.offset, read.length, signal);
  if (bytes.length === read.length) return bytes;
  throw new AppError('internal', {
    message: `The disk gave ${bytes.length} bytes instead of ${read.length} at ${read.offset}.`,
    hint: 'Check that the disk is as large as it is said to be.',
  });
}
