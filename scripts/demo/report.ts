import { formatBytes, formatTable } from '../../server/cli/format.ts';
import type { BackupRun, RestoreRun } from './road.ts';

export interface DemoResult {
  readonly full: BackupRun;
  readonly incremental: BackupRun;
  readonly restores: readonly RestoreRun[];
  readonly leftovers: readonly string[];
}

/** The object that `--json` prints. */
export function demoSummary({ full, incremental, restores, leftovers }: DemoResult) {
  return {
    ok: restores.every((run) => run.sha256Matches) && leftovers.length === 0,
    full: {
      diskBytes: full.point.diskBytes,
      allocatedBytes: full.point.readBytes,
      storedBytes: full.point.storedBytes,
      seconds: full.seconds,
    },
    incremental: {
      changedBytes: incremental.point.readBytes,
      storedBytes: incremental.point.storedBytes,
      seconds: incremental.seconds,
    },
    restores: restores.map(({ point, sha256Matches }) => ({ point, sha256Matches })),
    leftovers,
  };
}

export function demoTable(result: DemoResult): string {
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  const backup = (name: string, { point, seconds: time }: BackupRun) => [
    name,
    formatBytes(point.diskBytes),
    formatBytes(point.readBytes),
    formatBytes(point.storedBytes),
    seconds(time),
    point.readBytes === 0 ? '-' : `${((100 * point.storedBytes) / point.readBytes).toFixed(1)} %`,
    '',
  ];
  const restored = result.restores.map((run, index) => [
    `restore of point ${index + 1}`,
    formatBytes((index === 0 ? result.full : result.incremental).point.diskBytes),
    '',
    formatBytes(run.writtenBytes),
    seconds(run.seconds),
    '',
    run.sha256Matches ? 'same SHA-256' : 'DIFFERENT',
  ]);
  return formatTable(
    ['', 'ON DISK#', 'READ#', 'WRITTEN#', 'TIME#', 'WRITTEN/READ#', 'COMPARED'],
    [backup('full backup', result.full), backup('incremental backup', result.incremental), ...restored],
  );
}
