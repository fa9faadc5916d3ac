import { AppError } from '../../contract/index.ts';
import type { Manifest, ManifestDisk } from '../format/manifest.ts';
import type { BackupDisk } from '../model.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { type BlockRun, planRuns, runBytes } from './plan-reads.ts';

/** What has to be read of one disk, and what it is compared with. */
export interface DiskPlan {
  readonly disk: BackupDisk;
  readonly blockSize: number;
  readonly runs: readonly BlockRun[];
  /** The disk in the previous point. */
  readonly before: ManifestDisk | undefined;
  /** Places of map nodes of `before` that cannot be read; all blocks below them are in `runs`. */
  readonly untrusted: ReadonlySet<string>;
}

/** A disk that the previous point lacks is read in full, whatever ranges were given. */
export function planDisk(state: OpenRepository, disk: BackupDisk, previous: Manifest | undefined): DiskPlan {
  const before = previous?.disks.find((candidate) => candidate.id === disk.id);
  if (before !== undefined && before.size > disk.size) throw diskShrank(disk);
  const { blockSize } = state.header;
  const ranges = previous !== undefined && before === undefined ? undefined : disk.ranges;
  return {
    disk,
    blockSize,
    before,
    untrusted: new Set(),
    runs: planRuns({ size: disk.size, blockSize }, ranges),
  };
}

export function bytesToRead(plan: DiskPlan): number {
  const shape = { size: plan.disk.size, blockSize: plan.blockSize };
  return plan.runs.reduce((sum, run) => sum + (run.kind === 'read' ? runBytes(shape, run).length : 0), 0);
}

function diskShrank(disk: BackupDisk): AppError {
  return new AppError('invalid-input', {
    message: `The disk "${disk.name}" is smaller than in the previous restore point.`,
    hint: 'Make a full backup of it.',
    details: { field: 'previous', disk: disk.id },
  });
}
