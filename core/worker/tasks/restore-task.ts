import { AppError, type RestoreTask, type TaskResult } from '../../contract/index.ts';
import { type Repository, readPoint, restoreDisk } from '../../engine/index.ts';
import { pieces } from '../disk-areas.ts';
import { openTaskDisk, openTaskRepository, type TaskContext } from '../task-context.ts';
import { fixedVhdFooter } from '../vhd-footer.ts';

/** Most bytes of one Put Page (REST reference). */
const maxPageWrite = 4 * 1024 * 1024;

type TaskDisk = RestoreTask['disks'][number];

/**
 * Disks of a point into new disks that wait for their upload, one after another. Empty areas are skipped, as a new
 * disk reads as zeros. The footer is written last: until then Azure does not take the disk for complete.
 */
export async function runRestoreTask(task: RestoreTask, context: TaskContext): Promise<TaskResult> {
  const repository = await openTaskRepository(context, task.repository);
  try {
    const point = await readPoint(repository, task.point, context.signal);
    const progress = restoreProgress(task, context);
    const disks: { index: number; diskBytes: number; writtenBytes: number }[] = [];
    for (const disk of task.disks) {
      if (point.disks[disk.index]?.size !== disk.sizeBytes) throw wrongSize(disk);
      const writtenBytes = await restoreOne({ repository, task, disk, context, progress });
      disks.push({ index: disk.index, diskBytes: disk.sizeBytes, writtenBytes });
    }
    return { kind: 'restore', disks };
  } finally {
    await repository.close();
  }
}

interface OneDisk {
  readonly repository: Repository;
  readonly task: RestoreTask;
  readonly disk: TaskDisk;
  readonly context: TaskContext;
  readonly progress: RestoreProgressBook;
}

async function restoreOne({ repository, task, disk, context, progress }: OneDisk): Promise<number> {
  const data = openTaskDisk(context, disk.index);
  const { bytesWritten } = await restoreDisk(repository, {
    point: task.point,
    diskIndex: disk.index,
    startAt: disk.startAt,
    sink: {
      async write(offset, bytes, signal) {
        for (const piece of pieces({ offset, length: bytes.length }, maxPageWrite)) {
          const from = piece.offset - offset;
          await data.write(piece.offset, bytes.subarray(from, from + piece.length), signal ?? context.signal);
        }
      },
    },
    onProgress: (state) => progress.update(disk.index, state.bytesWritten, state.resumeOffset),
    signal: context.signal,
  });
  const footer = fixedVhdFooter({
    sizeBytes: disk.sizeBytes,
    createdAt: context.engine.clock(),
    uniqueId: context.engine.random(16),
  });
  await data.write(disk.sizeBytes, footer, context.signal);
  progress.update(disk.index, bytesWritten, disk.sizeBytes);
  return bytesWritten;
}

interface RestoreProgressBook {
  update(index: number, writtenBytes: number, resumeOffset: number): void;
}

/** Joins the disks' states: done is how far each disk is complete, stored what was written. */
function restoreProgress(task: RestoreTask, context: TaskContext): RestoreProgressBook {
  const totalBytes = task.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0);
  const state = new Map(task.disks.map((disk) => [disk.index, { written: 0, offset: disk.startAt }]));
  return {
    update(index, writtenBytes, resumeOffset) {
      state.set(index, { written: writtenBytes, offset: resumeOffset });
      const all = [...state.values()];
      context.report({
        totalBytes,
        doneBytes: all.reduce((sum, one) => sum + one.offset, 0),
        storedBytes: all.reduce((sum, one) => sum + one.written, 0),
        resume: [...state].map(([disk, { offset }]) => ({ index: disk, offset })),
      });
    },
  };
}

function wrongSize(disk: TaskDisk): AppError {
  return new AppError('invalid-input', {
    message: `The disk ${disk.name} of the restore point has another size than the new disk.`,
    hint: 'Start the restore again.',
    details: { disk: disk.name, sizeBytes: String(disk.sizeBytes) },
  });
}
