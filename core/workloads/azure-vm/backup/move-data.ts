import {
  type Connection,
  grantSnapshotAccess,
  parseResourceId,
  revokeSnapshotAccess,
} from '../../../azure/index.ts';
import { AppError, type BackupTask, type TaskSecrets } from '../../../contract/index.ts';
import type { WorkerPlace, WorkloadEnvironment } from '../../environment.ts';
import type { PointDocument } from '../document.ts';
import { accessSeconds, backupPurpose } from '../worker-task.ts';
import type { BackupRun, BackupStep } from './state.ts';

/** A worker in the machine's region reads the snapshots and writes the restore point. */
export function moveData(env: WorkloadEnvironment): BackupStep {
  return {
    key: 'move-data',
    title: 'Copy the data to the repository',
    async run(run) {
      if (run.memory.written === null) {
        const finished = run.memory.begun ? await findFinished(env, run) : null;
        run.remember({ begun: true });
        run.remember({ written: finished ?? (await runWorker(env, run)) });
      }
      await env.removeWorker(workerPlace(run), run.signal);
      await revokeAll(env, run, run.signal);
    },
  };
}

/** Ends every SAS that this session may have asked for. Quiet about snapshots that are gone. */
export async function revokeAll(
  env: WorkloadEnvironment,
  run: BackupRun,
  signal: AbortSignal,
): Promise<void> {
  const connection = await env.connect(run.input.accountId);
  const ids = run.memory.disks.flatMap(({ snapshotId, baseId }) =>
    baseId ? [snapshotId, baseId] : [snapshotId],
  );
  await Promise.all(ids.map((id) => revokeSnapshotAccess(connection, id, signal)));
}

/** Where this session's worker is, and how it is found again. */
export function workerPlace(run: BackupRun): WorkerPlace {
  const { input, memory } = run;
  return {
    sessionId: run.sessionId,
    purpose: backupPurpose,
    accountId: input.accountId,
    subscriptionId: parseResourceId(input.resourceId).subscriptionId,
    region: memory.configuration?.summary.region ?? '',
  };
}

type Written = NonNullable<BackupRun['memory']['written']>;

/** The point that this session had finished before it was interrupted. */
async function findFinished(env: WorkloadEnvironment, run: BackupRun): Promise<Written | null> {
  const points = await env.repository(run.input.repositoryId).listPoints(run.signal);
  const own = points.find((point) => sessionOf(point.document) === run.sessionId);
  if (!own) return null;
  run.log('info', 'The restore point had been completed before the interruption.');
  const { readBytes, storedBytes } = own.statistics;
  return { pointId: own.id, readBytes, storedBytes };
}

function sessionOf(document: unknown): unknown {
  return typeof document === 'object' && document !== null && 'sessionId' in document
    ? document.sessionId
    : undefined;
}

async function runWorker(env: WorkloadEnvironment, run: BackupRun): Promise<Written> {
  const { memory } = run;
  const result = await env.runTask(
    {
      ...workerPlace(run),
      task: () => backupTask(env, run),
      secrets: (signal) => backupSecrets(env, run, signal),
      onProgress: run.progress,
      onLog: run.log,
    },
    run.signal,
  );
  if (result.kind !== 'backup') throw unexpectedResult(result.kind);
  for (const { index, reason } of result.fullDisks) {
    const name = memory.disks.find((disk) => disk.index === index)?.name ?? String(index);
    run.log('warning', `Disk ${name} was read in full: ${reason}`, { disk: name });
  }
  const { pointId, readBytes, storedBytes } = result;
  return { pointId, readBytes, storedBytes };
}

function backupTask(env: WorkloadEnvironment, run: BackupRun): BackupTask {
  const { input, memory } = run;
  const repository = env.repository(input.repositoryId);
  return {
    kind: 'backup',
    repository: { folder: repository.folder, encrypted: repository.encrypted },
    resource: { workload: 'azure-vm', id: input.resourceId, name: input.resourceName },
    disks: memory.disks.map((disk) => ({
      index: disk.index,
      name: disk.name,
      sizeBytes: disk.sizeBytes,
      id: disk.uniqueId,
      compare: disk.baseId !== null,
    })),
    previousPoint: memory.previousPoint,
    document: documentOf(run),
    takenAt: memory.takenAt ?? '',
  };
}

function documentOf(run: BackupRun): PointDocument {
  const { memory } = run;
  if (!memory.configuration) throw new AppError('internal', { message: 'The configuration was not read.' });
  return {
    format: 1,
    sessionId: run.sessionId,
    mode: memory.previousPoint === null ? 'full' : 'incremental',
    disks: memory.disks.map(({ baseId: _, ...disk }) => disk),
    configuration: memory.configuration,
  };
}

async function backupSecrets(
  env: WorkloadEnvironment,
  run: BackupRun,
  signal: AbortSignal,
): Promise<TaskSecrets> {
  const repository = env.repository(run.input.repositoryId);
  const connection = await env.connect(run.input.accountId);
  const disks = await Promise.all(
    run.memory.disks.map(async (disk) => ({
      index: disk.index,
      url: await readUrl(connection, disk.snapshotId, signal),
      previousUrl: disk.baseId === null ? null : await readUrl(connection, disk.baseId, signal),
    })),
  );
  const grant = await repository.grant('append', accessSeconds, signal);
  return { repositoryUrl: grant.sas, dataKey: await repository.dataKey(), disks };
}

async function readUrl(connection: Connection, snapshotId: string, signal: AbortSignal): Promise<string> {
  const grant = await grantSnapshotAccess(connection, { snapshotId, durationSeconds: accessSeconds }, signal);
  return grant.sas;
}

function unexpectedResult(kind: string): AppError {
  return new AppError('worker-failed', {
    message: 'The worker answered with the result of another task.',
    details: { kind },
  });
}
