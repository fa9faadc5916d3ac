import { AppError } from '../../contract/index.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { blockCount, type ManifestDisk } from '../format/manifest.ts';
import { blocksPerChild, fanout, type MapNode, rootLevel } from '../format/map-node.ts';
import type { Repository, RepositoryDisk } from '../model.ts';
import { readManifest } from '../points/read-manifest.ts';
import { type OpenRepository, opened } from '../repository/open-state.ts';
import { BlockReader, type ReadOptions } from './block-reader.ts';
import { diskOfPoint } from './deleted-point.ts';
import { DiskBlocks, type NumberedBlock } from './disk-blocks.ts';
import { NodeReader } from './node-reader.ts';
import { type BlockSpan, SequentialStreams } from './sequential-streams.ts';

export interface OpenDiskOptions {
  /** Unpacked blocks kept in memory. Default 64 MiB. */
  readonly cacheBytes?: number;
  readonly signal?: AbortSignal;
}

const defaultCacheBytes = 64 * 1024 * 1024;
/** Enough for a store that takes 40 ms a request; never more than half of the cache. */
const mostReadAhead = 32 * 1024 * 1024;
/** What is fetched, and opened on one thread, at once. */
const fetchLength = 4 * 1024 * 1024;
const defaultExtent = 4 * 1024 * 1024;

/** Random access to a disk of a point. `not-found` when there is no such point or disk. */
export async function openDisk(
  repository: Repository,
  place: { readonly point: string; readonly diskIndex: number },
  options: OpenDiskOptions = {},
): Promise<RepositoryDisk> {
  const state = opened(repository);
  const manifest = await readManifest(state, place.point, options.signal);
  const disk = manifest.disks[place.diskIndex];
  if (disk === undefined) throw noSuchDisk(place.diskIndex, manifest.disks.length);
  return diskOfPoint(
    state,
    place.point,
    new MappedDisk(state, disk, options.cacheBytes ?? defaultCacheBytes),
  );
}

/** A disk seen through its block map. */
export class MappedDisk implements RepositoryDisk {
  readonly size: number;
  readonly blockSize: number;
  readonly #disk: ManifestDisk;
  readonly #level: number;
  readonly #nodes: NodeReader;
  readonly #reader: BlockReader;
  readonly #blocks: DiskBlocks;
  readonly #streams: SequentialStreams;

  constructor(repository: OpenRepository, disk: ManifestDisk, cacheBytes: number) {
    this.size = disk.size;
    this.blockSize = disk.blockSize;
    this.#disk = disk;
    this.#level = rootLevel(blockCount(disk));
    this.#nodes = new NodeReader(repository);
    this.#reader = new BlockReader(repository);
    this.#blocks = new DiskBlocks(this.#reader, cacheBytes);
    const ahead = Math.min(mostReadAhead, cacheBytes / 2);
    this.#streams = new SequentialStreams(Math.floor(ahead / disk.blockSize));
  }

  async readAt(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    this.#checkRange(offset, length);
    const result = new Uint8Array(length);
    if (length === 0) return result;
    const first = Math.floor(offset / this.blockSize);
    const after = Math.ceil((offset + length) / this.blockSize);
    if (after - first > 1) await this.#fetch({ first, after }, signal);
    const blocks = Array.from({ length: after - first }, (_, index) => first + index);
    const reading = blocks.map(async (block) => {
      const bytes = await this.#block(block, signal);
      if (bytes !== undefined) copyOverlap(result, offset, { bytes, at: block * this.blockSize });
    });
    const ahead = this.#streams.follow({ first, after });
    if (ahead !== undefined) this.#fetch(ahead, signal).catch(() => undefined);
    await Promise.all(reading);
    return result;
  }

  async *extents(
    options: { readonly from?: number; readonly maxLength?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<{ readonly offset: number; readonly length: number }> {
    for await (const run of this.runs(options)) {
      const length = run.refs.reduce((sum, ref) => sum + ref.plainLength, 0);
      yield { offset: run.first * this.blockSize, length };
    }
  }

  /** Stored blocks in ascending order, neighbours joined. */
  async *runs(options: {
    readonly from?: number;
    readonly maxLength?: number;
    readonly signal?: AbortSignal;
  }): AsyncGenerator<{ readonly first: number; readonly refs: readonly BlockRef[] }> {
    const maxBlocks = Math.max(1, Math.floor((options.maxLength ?? defaultExtent) / this.blockSize));
    const from = Math.floor((options.from ?? 0) / this.blockSize);
    let first = 0;
    let refs: BlockRef[] = [];
    for await (const { block, ref } of this.blockRefs(from, options.signal)) {
      // A short block before the end is the old end of a disk that grew; what follows it is zero.
      const interrupted = first + refs.length !== block || (refs.at(-1)?.plainLength ?? 0) < this.blockSize;
      if (refs.length === maxBlocks || (refs.length > 0 && interrupted)) {
        yield { first, refs };
        refs = [];
      }
      if (refs.length === 0) first = block;
      refs.push(ref);
    }
    if (refs.length > 0) yield { first, refs };
  }

  /** Every stored block from `from` on. */
  async *blockRefs(from: number, signal?: AbortSignal): AsyncGenerator<NumberedBlock> {
    if (this.#disk.root === undefined) return;
    yield* this.#walk({ ref: this.#disk.root, level: this.#level, first: 0 }, from, signal);
  }

  /** The plain bytes of neighbouring blocks, past the cache. */
  readRefs(refs: readonly BlockRef[], options: ReadOptions): Promise<Uint8Array> {
    return this.#reader.read(refs, options);
  }

  async *#walk(
    at: { ref: BlockRef; level: number; first: number },
    from: number,
    signal?: AbortSignal,
  ): AsyncGenerator<NumberedBlock> {
    signal?.throwIfAborted();
    const node = await this.#nodes.read(at.ref, at.level, signal);
    const span = blocksPerChild(at.level);
    for (const [position, child] of node.children.entries()) {
      const first = at.first + position * span;
      if (child === undefined || first + span <= from) continue;
      if (at.level === 0) yield { block: first, ref: child };
      else yield* this.#walk({ ref: child, level: at.level - 1, first }, from, signal);
    }
  }

  async #find(block: number, signal?: AbortSignal): Promise<BlockRef | undefined> {
    let ref = this.#disk.root;
    for (let level = this.#level; level >= 0 && ref !== undefined; level--) {
      const node: MapNode = await this.#nodes.read(ref, level, signal);
      ref = node.children[Math.floor(block / blocksPerChild(level)) % fanout];
    }
    return ref;
  }

  async #block(block: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const ref = await this.#find(block, signal);
    return ref === undefined ? undefined : this.#blocks.get({ block, ref }, signal);
  }

  /** Starts to fetch what is missing of a span, neighbours by one request; resolves when all requests are on their way. */
  async #fetch(span: BlockSpan, signal?: AbortSignal): Promise<void> {
    const after = Math.min(span.after, blockCount(this.#disk));
    let together: NumberedBlock[] = [];
    const send = () => {
      if (together.length > 0) this.#blocks.fetchTogether(together, signal);
      together = [];
    };
    for (let block = span.first; block < after; block++) {
      const ref = this.#blocks.has(block) ? undefined : await this.#find(block, signal);
      if (ref === undefined || this.#blocks.has(block)) continue;
      if (together.push({ block, ref }) * this.blockSize >= fetchLength) send();
    }
    send();
  }

  #checkRange(offset: number, length: number): void {
    const sound = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
    if (sound && offset + length <= this.size) return;
    throw new AppError('invalid-input', {
      message: `A read of ${length} bytes at ${offset} reaches outside the disk of ${this.size} bytes.`,
      details: { field: 'offset' },
    });
  }
}

function copyOverlap(
  target: Uint8Array,
  targetOffset: number,
  block: { readonly bytes: Uint8Array; readonly at: number },
): void {
  const from = Math.max(targetOffset, block.at);
  const to = Math.min(targetOffset + target.length, block.at + block.bytes.length);
  if (to > from) target.set(block.bytes.subarray(from - block.at, to - block.at), from - targetOffset);
}

function noSuchDisk(index: number, count: number): AppError {
  return new AppError('not-found', {
    message: `The restore point has ${count} disks; there is no disk with index ${index}.`,
    details: { field: 'diskIndex' },
  });
}
