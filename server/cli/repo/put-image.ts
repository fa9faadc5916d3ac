import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod/mini';
import { AppError } from '../../../core/contract/index.ts';
import {
  type BackupResult,
  backupDisks,
  type DiskRange,
  listPoints,
  type Repository,
} from '../../../core/engine/index.ts';
import { formatBytes } from '../format.ts';
import { byteProgress } from './byte-progress.ts';
import { openImage } from './image-file.ts';
import { printResult } from './print-result.ts';
import { requireUnowned, withRepository } from './repo-context.ts';
import { movingData, type RepoCommandDeps, type RepoOptions } from './repo-options.ts';

const rangesSchema = z.array(
  z.object({
    offset: z.int().check(z.minimum(0)),
    length: z.int().check(z.minimum(1)),
    cleared: z.optional(z.boolean()),
  }),
);

export interface PutOptions extends RepoOptions {
  readonly ranges?: string;
  readonly resource?: string;
}

export async function put(deps: RepoCommandDeps, image: string, options: PutOptions): Promise<void> {
  const ranges = options.ranges === undefined ? undefined : await readRanges(options.ranges);
  await withRepository(movingData(deps), options, async (repository) => {
    await requireUnowned(repository, options);
    const name = options.resource ?? basename(image);
    const previous = ranges === undefined ? undefined : await newestPoint(repository, name);
    const source = await openImage(image);
    const progress = byteProgress(deps.io, 'Read');
    try {
      const result = await backupDisks(repository, {
        resource: { workload: 'disk-image', id: name, name },
        disks: [{ id: '0', name, size: source.size, source, ranges }],
        previous,
        signal: deps.io.signal,
        onProgress: ({ bytesRead, bytesTotal, bytesStored }) =>
          progress.update(bytesRead, bytesTotal, ` · ${formatBytes(bytesStored)} new`),
      });
      progress.done();
      printResult(deps.io, options, result, () => putText(result));
    } finally {
      await source.close();
    }
  });
}

function putText({ pointId, statistics, healing }: BackupResult): string {
  const { readBytes, storedBytes } = statistics;
  const { healed, stillDamaged } = healing;
  return [
    `Point ${pointId}: read ${formatBytes(readBytes)}, stored ${formatBytes(storedBytes)}.\n`,
    healed > 0 ? `Healed ${healed} damaged blocks that older points need.\n` : '',
    stillDamaged > 0
      ? `${stillDamaged} damaged blocks of older points could not be healed: the disk changed there. \`check\` names those points.\n`
      : '',
  ].join('');
}

/** Changed ranges mean something only against a point of the same resource. */
async function newestPoint(repository: Repository, name: string): Promise<string> {
  const list = await listPoints(repository);
  const newest = list
    .filter((point) => point.resource.workload === 'disk-image' && point.resource.id === name)
    .at(-1);
  if (newest !== undefined) return newest.id;
  throw new AppError('not-found', {
    message: `There is no restore point of "${name}" to compare with.`,
    hint: 'Make a full one first, without --ranges.',
    details: { field: 'ranges' },
  });
}

async function readRanges(path: string): Promise<DiskRange[]> {
  try {
    return rangesSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new AppError('invalid-input', {
      message: `The file ${path} is not a JSON array of {offset, length, cleared?}.`,
      details: { field: 'ranges' },
      cause,
    });
  }
}
