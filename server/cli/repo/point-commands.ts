import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { AppError } from '../../../core/contract/index.ts';
import {
  type BackupResult,
  backupDisks,
  type DiskRange,
  deletePoint,
  listPoints,
  type Repository,
  type RestorePoint,
  restoreDisk,
} from '../../../core/engine/index.ts';
import { formatBytes, formatTable, formatTime } from '../format.ts';
import { byteProgress } from './byte-progress.ts';
import { createImage, openImage } from './image-file.ts';
import { printResult } from './print-result.ts';
import {
  movingData,
  type RepoCommandDeps,
  type RepoOptions,
  requireUnowned,
  withRepoOptions,
  withRepository,
} from './repo-context.ts';

const rangesSchema = z.array(
  z.object({
    offset: z.number().int().min(0),
    length: z.number().int().min(1),
    cleared: z.boolean().optional(),
  }),
);

export function registerPointCommands(repo: Command, deps: RepoCommandDeps): void {
  withRepoOptions(repo.command('points').description('restore points, oldest first')).action(
    (_options, command: Command) => points(deps, command.optsWithGlobals()),
  );
  withRepoOptions(repo.command('put').argument('<image>', 'raw disk image'))
    .description('backs an image up as a new restore point')
    .option(
      '--ranges <file>',
      'JSON [{offset, length, cleared?}]: what changed since the newest point of this resource',
    )
    .option('--resource <name>', 'name of the resource (default: name of the image file)')
    .option('--force', 'also when another installation owns the repository')
    .action((image: string, _options, command: Command) => put(deps, image, command.optsWithGlobals()));
  withRepoOptions(
    repo
      .command('get')
      .argument('<point>', 'id, or its beginning, or `latest`')
      .argument('<file>', 'image to write'),
  )
    .description('writes a disk of a restore point into a sparse file')
    .option('--disk <n>', 'which disk, from 0 on', '0')
    .option('--format <format>', 'raw or vhd (fixed)', 'raw')
    .option('--force', 'overwrites the file')
    .action((point: string, file: string, _options, command: Command) =>
      get(deps, { point, file }, command.optsWithGlobals()),
    );
  withRepoOptions(repo.command('forget').argument('<points...>', 'ids or their beginnings'))
    .description('deletes restore points; `collect` then frees their space')
    .option('--force', 'also when another installation owns the repository')
    .action((ids: string[], _options, command: Command) => forget(deps, ids, command.optsWithGlobals()));
}

async function points(deps: RepoCommandDeps, options: RepoOptions): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    const damaged: string[] = [];
    const list = await listPoints(repository, deps.io.signal, (pointId) => damaged.push(pointId));
    printResult(deps.io, options, { points: list.map(withoutDocument), damaged }, () => pointTable(list));
    for (const pointId of damaged) deps.io.stderr(`warning: the restore point ${pointId} is damaged\n`);
  });
}

function withoutDocument({ document: _, ...point }: RestorePoint): Omit<RestorePoint, 'document'> {
  return point;
}

function pointTable(list: readonly RestorePoint[]): string {
  if (list.length === 0) return 'There are no restore points.\n';
  return formatTable(
    ['Point', 'Taken', 'Resource', 'Disks#', 'Size#', 'New#'],
    list.map((point) => [
      point.id.slice(0, 12),
      formatTime(point.takenAt),
      point.resource.name,
      String(point.disks.length),
      formatBytes(point.statistics.diskBytes),
      formatBytes(point.statistics.storedBytes),
    ]),
  );
}

interface PutOptions extends RepoOptions {
  readonly ranges?: string;
  readonly resource?: string;
}

async function put(deps: RepoCommandDeps, image: string, options: PutOptions): Promise<void> {
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

interface GetOptions extends RepoOptions {
  readonly disk: string;
  readonly format: string;
}

async function get(
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

async function forget(deps: RepoCommandDeps, ids: readonly string[], options: RepoOptions): Promise<void> {
  await withRepository(deps, options, async (repository) => {
    await requireUnowned(repository, options);
    const known = await listPoints(repository, deps.io.signal, () => undefined);
    const found = ids.map((id) => matching(known, id)?.id ?? (/^[0-9a-f]{32}$/.test(id) ? id : missing(id)));
    for (const id of found) await deletePoint(repository, id, deps.io.signal);
    printResult(deps.io, options, { forgotten: found }, () => `Forgot ${found.length} restore points.\n`);
  });
}

/** A point by its id, the beginning of one, or `latest`. */
export async function findPoint(repository: Repository, wanted: string): Promise<RestorePoint> {
  const list = await listPoints(repository, undefined, () => undefined);
  const point = wanted === 'latest' ? list.at(-1) : matching(list, wanted);
  return point ?? missing(wanted);
}

function matching(list: readonly RestorePoint[], wanted: string): RestorePoint | undefined {
  const found = list.filter((point) => point.id.startsWith(wanted));
  if (found.length > 1) throw refused('point', `"${wanted}" is the beginning of several restore points.`);
  return found[0];
}

function missing(wanted: string): never {
  throw new AppError('not-found', {
    message: `There is no restore point "${wanted}".`,
    hint: 'List them with `cairn repo points`.',
    details: { field: 'point' },
  });
}

function refused(field: string, message: string): AppError {
  return new AppError('invalid-input', { message, details: { field } });
}
