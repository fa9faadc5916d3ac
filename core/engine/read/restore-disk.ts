import { AppError } from '../../contract/index.ts';
import { mapInOrder } from '../concurrency.ts';
import type { Repository, RestoreOptions, RestoreResult } from '../model.ts';
import { readManifest } from '../points/read-manifest.ts';
import { opened } from '../repository/open-state.ts';
import { readingPoint } from './deleted-point.ts';
import { MappedDisk } from './open-disk.ts';

const defaultConcurrency = 8;
const writeLength = 4 * 1024 * 1024;

/**
 * Writes a disk of a point into a sink. What is zero is neither fetched nor written, so the sink must start
 * empty. Every block is authenticated; the first one that is nowhere intact ends the restore as `damaged`.
 */
export async function restoreDisk(repository: Repository, options: RestoreOptions): Promise<RestoreResult> {
  const state = opened(repository);
  const { signal, sink, onProgress } = options;
  const manifest = await readManifest(state, options.point, signal);
  const entry = manifest.disks[options.diskIndex];
  if (entry === undefined) throw noSuchDisk(options.diskIndex);
  const disk = new MappedDisk(state, entry, 0);
  const startAt = options.startAt ?? 0;
  let bytesWritten = 0;
  const runs = disk.runs({ from: startAt, maxLength: writeLength, signal });
  const concurrency = options.concurrency ?? defaultConcurrency;
  const longest = Math.max(writeLength, disk.blockSize);
  const memory: Uint8Array[] = [];
  const written = mapInOrder(runs, { concurrency, signal }, async (run) => {
    const offset = run.first * disk.blockSize;
    const target = memory.pop() ?? Buffer.allocUnsafeSlow(longest);
    const bytes = await disk.readRefs(run.refs, { signal, target });
    const { length } = bytes;
    await sink.write(offset, bytes, signal);
    memory.push(new Uint8Array(bytes.buffer));
    return { end: offset + length, length };
  });
  await readingPoint(state, options.point, async () => {
    for await (const { end, length } of written) {
      bytesWritten += length;
      onProgress?.({ bytesTotal: disk.size, bytesWritten, resumeOffset: end });
    }
  });
  onProgress?.({ bytesTotal: disk.size, bytesWritten, resumeOffset: disk.size });
  return { diskBytes: disk.size, bytesWritten, bytesSkipped: disk.size - startAt - bytesWritten };
}

function noSuchDisk(index: number): AppError {
  return new AppError('not-found', {
    message: `The restore point has no disk with index ${index}.`,
    details: { field: 'diskIndex' },
  });
}
