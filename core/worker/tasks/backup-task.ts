import { AppError, type BackupTask, type TaskResult } from '../../contract/index.ts';
import { type BackupDisk, backupDisks, type DiskRange } from '../../engine/index.ts';
import { coverWhole, withinDisk } from '../disk-areas.ts';
import { openTaskDisk, openTaskRepository, previousSource, type TaskContext } from '../task-context.ts';

type TaskDisk = BackupTask['disks'][number];

/**
 * Snapshots into one restore point. A disk that Azure cannot compare with its previous snapshot is read in full, and
 * the result says so.
 */
export async function runBackupTask(task: BackupTask, context: TaskContext): Promise<TaskResult> {
  const fullDisks: { index: number; reason: string }[] = [];
  const disks: BackupDisk[] = [];
  for (const disk of task.disks) {
    const data = openTaskDisk(context, disk.index);
    const plan = await planRanges(task, disk, context);
    if (plan.fullReason !== null) fullDisks.push({ index: disk.index, reason: plan.fullReason });
    disks.push({
      id: disk.id,
      name: disk.name,
      size: disk.sizeBytes,
      ranges: plan.ranges,
      source: {
        read: (offset, length, signal) => data.read(offset, length, signal ?? context.signal),
        readInto: (offset, target, signal) => data.readInto(offset, target, signal ?? context.signal),
      },
    });
  }
  const repository = await openTaskRepository(context, task.repository);
  try {
    const { pointId, statistics } = await backupDisks(repository, {
      resource: task.resource,
      disks,
      ...(task.previousPoint === null ? {} : { previous: task.previousPoint }),
      document: task.document,
      takenAt: task.takenAt,
      onProgress: (progress) =>
        context.report({
          totalBytes: progress.bytesTotal,
          doneBytes: progress.bytesRead,
          storedBytes: progress.bytesStored,
          resume: [],
        }),
      signal: context.signal,
    });
    return { kind: 'backup', pointId, ...statistics, fullDisks };
  } finally {
    await repository.close();
  }
}

interface RangePlan {
  readonly ranges: readonly DiskRange[];
  readonly fullReason: string | null;
}

async function planRanges(task: BackupTask, disk: TaskDisk, context: TaskContext): Promise<RangePlan> {
  const data = openTaskDisk(context, disk.index);
  const { signal } = context;
  let fullReason: string | null = null;
  if (disk.compare && task.previousPoint !== null) {
    try {
      const changed = await data.changedSince(previousSource(context, disk.index), signal);
      return { ranges: withinDisk(changed, disk.sizeBytes), fullReason: null };
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'not-supported') throw thrown;
      fullReason = thrown.details['azureCode'] ?? thrown.message;
      context.log('warning', `Disk ${disk.name} is read in full: ${thrown.message}`, { ...thrown.details });
    }
  }
  const allocated = withinDisk(await data.allocated(signal), disk.sizeBytes);
  // Beside a previous point, an area that is not named would keep its old content: name the empty ones too.
  const ranges = task.previousPoint === null ? allocated : coverWhole(allocated, disk.sizeBytes);
  return { ranges, fullReason };
}
