import type { TaskResult, VerifyTask } from '../../contract/index.ts';
import { openDisk, type Repository } from '../../engine/index.ts';
import { type Area, pieces, unionOf, withinDisk } from '../disk-areas.ts';
import { inFlight } from '../in-flight.ts';
import { openTaskDisk, openTaskRepository, type TaskContext } from '../task-context.ts';

const pieceBytes = 4 * 1024 * 1024;
const readsInFlight = 6;

type TaskDisk = VerifyTask['disks'][number];

/**
 * Reads every new disk back and compares it with the point: where the point holds data, and where the disk does
 * (which catches bytes that should not be there). What neither holds reads as zeros on both sides.
 */
export async function runVerifyTask(task: VerifyTask, context: TaskContext): Promise<TaskResult> {
  const repository = await openTaskRepository(context, task.repository);
  try {
    const totalBytes = task.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0);
    let before = 0;
    const disks: { index: number; comparedBytes: number; firstDifference: number | null }[] = [];
    for (const disk of task.disks) {
      const report = (offset: number): void =>
        context.report({ totalBytes, doneBytes: before + offset, storedBytes: 0, resume: [] });
      disks.push({ index: disk.index, ...(await compareDisk({ repository, task, disk, context, report })) });
      before += disk.sizeBytes;
      report(0);
    }
    return { kind: 'verify', disks };
  } finally {
    await repository.close();
  }
}

interface Comparison {
  readonly repository: Repository;
  readonly task: VerifyTask;
  readonly disk: TaskDisk;
  readonly context: TaskContext;
  readonly report: (offset: number) => void;
}

async function compareDisk({ repository, task, disk, context, report }: Comparison) {
  const { signal } = context;
  const data = openTaskDisk(context, disk.index);
  const saved = await openDisk(repository, { point: task.point, diskIndex: disk.index }, { signal });
  const allocated = withinDisk(await data.allocated(signal), disk.sizeBytes);
  let comparedBytes = 0;
  let firstDifference: number | null = null;
  const parts = piecesOf(unionOf(saved.extents({ maxLength: pieceBytes, signal }), allocated));
  await inFlight(parts, readsInFlight, async ({ offset, length }) => {
    const [restored, expected] = await Promise.all([
      data.read(offset, length, signal),
      saved.readAt(offset, length, signal),
    ]);
    comparedBytes += length;
    const difference = firstDifferenceOf(restored, expected);
    if (difference !== null) firstDifference = Math.min(firstDifference ?? Infinity, offset + difference);
    report(offset + length);
  });
  return { comparedBytes, firstDifference };
}

async function* piecesOf(areas: AsyncIterable<Area>): AsyncGenerator<Area> {
  for await (const area of areas) yield* pieces(area, pieceBytes);
}

export function firstDifferenceOf(left: Uint8Array, right: Uint8Array): number | null {
  if (Buffer.compare(left, right) === 0) return null;
  const at = left.findIndex((byte, position) => byte !== right[position]);
  return at < 0 ? Math.min(left.length, right.length) : at;
}
