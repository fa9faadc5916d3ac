import { randomBytes } from 'node:crypto';
import { AppError } from '../../../core/contract/index.ts';
import { restoreDisk } from '../../../core/engine/index.ts';
import { formatBytes } from '../format.ts';
import { byteProgress } from './byte-progress.ts';
import { findPoint } from './find-point.ts';
import { createImage } from './image-file.ts';
import { printResult } from './print-result.ts';
import { withRepository } from './repo-context.ts';
import { movingData, type RepoCommandDeps, type RepoOptions } from './repo-options.ts';

interface GetOptions extends RepoOptions {
  readonly disk: string;
  readonly format: string;
}

export async function get(
  deps: RepoCommandDeps,
  what: { point: string; file: string },
  options: GetOptions,
): Promise<void> {
  const { format } = options;
  if (format !== 'raw' && format !== 'vhd') throw refused('format', 'The format is raw or vhd.');
  const diskIndex = Number(options.disk);
  if (!Number.isInteger(diskIndex) || diskIndex < 0)
    throw refused('disk', 'The disk is a whole number from 0 on.');
  await withRepository(movingData(deps), options, async (repository) => {
    const point = await findPoint(repository, what.point);
    const disk = point.disks[diskIndex];
    if (disk === undefined) throw refused('disk', `The point has ${point.disks.length} disks.`);
    const force = options.force === true;
    const sink = await createImage(what.file, { size: disk.size, format, force, diskId: randomBytes(16) });
    const progress = byteProgress(deps.io, 'Wrote');
    try {
      const result = await restoreDisk(repository, {
        point: point.id,
        diskIndex,
        sink,
        signal: deps.io.signal,
        onProgress: ({ resumeOffset, bytesTotal }) => progress.update(resumeOffset, bytesTotal),
      });
      await sink.finish();
      progress.done();
      const text = () =>
        `Wrote ${formatBytes(result.bytesWritten)} of ${formatBytes(result.diskBytes)} to ${what.file}.\n`;
      printResult(deps.io, options, result, text);
    } catch (thrown) {
      await sink.abandon();
      throw thrown;
    }
  });
}

function refused(field: string, message: string): AppError {
  return new AppError('invalid-input', { message, details: { field } });
}
