import { AppError, toAppError } from '../../../contract/index.ts';
import type { RestorePoint } from '../../../engine/index.ts';
import type { WorkloadEnvironment } from '../../environment.ts';
import { readPointDocument } from '../document.ts';
import type { BackupMemory, BackupStep } from './state.ts';

/** Reads the new point back from the repository, checks it against what was snapshotted, and records it. */
export function recordPoint(env: WorkloadEnvironment): BackupStep {
  return {
    key: 'record-point',
    title: 'Check and record the restore point',
    async run(run) {
      const { input, memory } = run;
      const written = memory.written;
      if (!written) throw incomplete('nothing was written');
      const point = await env.repository(input.repositoryId).readPoint(written.pointId, run.signal);
      checkPoint(point, memory, run.sessionId);
      env.points.record({
        sessionId: run.sessionId,
        accountId: input.accountId,
        repositoryId: input.repositoryId,
        point,
        region: memory.configuration?.summary.region ?? '',
        mode: memory.previousPoint === null ? 'full' : 'incremental',
        readBytes: written.readBytes,
        storedBytes: written.storedBytes,
        kept: memory.disks.map(({ index, diskId, uniqueId, sizeBytes, snapshotId }) => ({
          index,
          diskId,
          diskUniqueId: uniqueId,
          sizeBytes,
          snapshotId,
        })),
      });
      run.log('info', 'The restore point is complete.', { pointId: point.id });
    },
  };
}

/** Removes the snapshots that the point before kept. The point is safe by now, so this does not fail the session. */
export function removeOldSnapshots(env: WorkloadEnvironment): BackupStep {
  return {
    key: 'remove-old-snapshots',
    title: 'Remove snapshots that are no longer needed',
    async run(run) {
      const { accountId } = run.input;
      try {
        await env.resources({ sessionId: run.sessionId, accountId }).removeAll(run.signal);
      } catch (thrown) {
        if (run.signal.aborted) throw thrown;
        const error = toAppError(thrown);
        run.log('warning', `${error.message} The sweeper tries again later.`, error.details);
      }
    },
  };
}

function checkPoint(point: RestorePoint, memory: BackupMemory, sessionId: string): void {
  const document = readPointDocument(point.document);
  if (document.sessionId !== sessionId) throw incomplete('it is the point of another session');
  if (point.disks.length !== memory.disks.length) throw incomplete('a disk is missing');
  const wrong = memory.disks.find((disk) => point.disks[disk.index]?.size !== disk.sizeBytes);
  if (wrong) throw incomplete(`disk ${wrong.name} has another size`);
}

function incomplete(reason: string): AppError {
  return new AppError('worker-failed', {
    message: `The restore point in the repository is not what was backed up: ${reason}.`,
    hint: 'Start the backup again; the earlier restore points are not affected.',
    retryable: false,
  });
}
