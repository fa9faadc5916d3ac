import type { FileRecoveryTask } from '../contract/index.ts';
import type { ReadableDisk } from '../volumes/index.ts';
import { openTaskDisk, type TaskContext } from './task-context.ts';

type SnapshotDisk = Extract<FileRecoveryTask['source'], { kind: 'snapshots' }>['disks'][number];

/** Largest read of one request; a larger one is made of several at once. */
const pieceBytes = 4 * 1024 * 1024;

/** The snapshots of a task by their SAS, without the footer that Azure shows after each. */
export function snapshotDisks(context: TaskContext, disks: readonly SnapshotDisk[]): readonly ReadableDisk[] {
  const ordered = disks.toSorted((left, right) => left.index - right.index);
  return ordered.map(({ index, sizeBytes }) => {
    const data = openTaskDisk(context, index);
    return {
      size: sizeBytes,
      async read(offset, length, signal) {
        if (length <= pieceBytes) return data.read(offset, length, signal);
        const starts = Array.from(
          { length: Math.ceil(length / pieceBytes) },
          (_, piece) => piece * pieceBytes,
        );
        const pieces = await Promise.all(
          starts.map((from) => data.read(offset + from, Math.min(pieceBytes, length - from), signal)),
        );
        return Buffer.concat(pieces);
      },
    };
  });
}
