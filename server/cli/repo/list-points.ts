import { listPoints, type RestorePoint } from '../../../core/engine/index.ts';
import { formatBytes, formatTable, formatTime } from '../format.ts';
import { printResult } from './print-result.ts';
import { withRepository } from './repo-context.ts';
import type { RepoCommandDeps, RepoOptions } from './repo-options.ts';

export async function points(deps: RepoCommandDeps, options: RepoOptions): Promise<void> {
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
