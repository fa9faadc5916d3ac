import { AppError } from '../../contract/index.ts';
import { mapInOrder } from '../concurrency.ts';
import type { Repository, RestoreOptions, RestoreResult } from '../model.ts';
import { pageMemory } from '../page-memory.ts';
import { readManifest } from '../points/read-manifest.ts';
import { opened } from '../repository/open-state.ts';
import { readingPoint } from './deleted-point.ts';
import { batchesOf, batchLength, stretchesOf } from './disk-batch.ts';
import type { NumberedBlock } from './disk-blocks.ts';
import { MappedDisk } from './open-disk.ts';

const defaultConcurrency = 4;
/** The longest write: what a page blob takes at once, and a drive needs no more. */
const writeLength = 4 * 1024 * 1024;
/** A scattered batch is many small writes, and a disk in Azure takes only so many at once. */
const writesOfBatch = 4;
/** Sealed blocks are a little longer than what they hold when it does not compress. */
const sealedExtra = 64 * 1024;

/**
 * Writes a disk of a point into a sink. What is zero is neither fetched nor written, so the sink must start
 * empty. Every block is authenticated; the first one that is nowhere intact ends the restore as `damaged`.
 */
export async function restoreDisk(repository: Repository, options: RestoreOptions): Promise<RestoreResult> {
  const state = opened(repository);
  const { signal, onProgress } = options;
  const manifest = await readManifest(state, options.point, signal);
  const entry = manifest.disks[options.diskIndex];
  if (entry === undefined) throw noSuchDisk(options.diskIndex);
  const disk = new MappedDisk(state, entry, 0);
  const startAt = options.startAt ?? 0;
  let bytesWritten = 0;
  const batches = batchesOf(disk.blockRefs(Math.floor(startAt / disk.blockSize), signal));
  const concurrency = options.concurrency ?? defaultConcurrency;
  const restore = batchRestorer(disk, options);
  const written = mapInOrder(batches, { concurrency, signal }, restore);
  await readingPoint(state, options.point, async () => {
    for await (const { end, length } of written) {
      bytesWritten += length;
      onProgress?.({ bytesTotal: disk.size, bytesWritten, resumeOffset: end });
    }
  });
  onProgress?.({ bytesTotal: disk.size, bytesWritten, resumeOffset: disk.size });
  return { diskBytes: disk.size, bytesWritten, bytesSkipped: disk.size - startAt - bytesWritten };
}

interface BatchMemory {
  readonly target: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Fetches a batch and writes it, in memory that is used again and again. */
function batchRestorer(disk: MappedDisk, { sink, signal }: RestoreOptions) {
  const free: BatchMemory[] = [];
  const length = Math.max(batchLength, disk.blockSize);
  const shape = { blockSize: disk.blockSize, most: writeLength };
  return async (batch: readonly NumberedBlock[]) => {
    const memory = free.pop() ?? { target: pageMemory(length), sealed: pageMemory(length + sealedExtra) };
    const refs = batch.map(({ ref }) => ref);
    const bytes = await disk.readRefs(refs, { ...memory, signal });
    const stretches = stretchesOf(batch, shape);
    const writing = mapInOrder(stretches, { concurrency: writesOfBatch, signal }, ({ offset, at, length }) =>
      sink.write(offset, bytes.subarray(at, at + length), signal),
    );
    for await (const _ of writing);
    free.push(memory);
    const last = stretches.at(-1);
    return { end: last === undefined ? 0 : last.offset + last.length, length: bytes.length };
  };
}

function noSuchDisk(index: number): AppError {
  return new AppError('not-found', {
    message: `The restore point has no disk with index ${index}.`,
    details: { field: 'diskIndex' },
  });
}
