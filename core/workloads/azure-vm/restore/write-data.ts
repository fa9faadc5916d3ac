import { grantDiskRead, grantDiskWrite, revokeDiskAccess } from '../../../azure/index.ts';
import {
  AppError,
  type RestoreTask,
  type TaskSecrets,
  type VerifyTask,
  type WorkerProgress,
} from '../../../contract/index.ts';
import type { TaskRequest, WorkloadEnvironment } from '../../environment.ts';
import { accessSeconds, restorePurpose, verifyPurpose } from '../worker-task.ts';
import type { RestoreRun, RestoreStep } from './state.ts';

/** Progress is remembered for the next core after so many more bytes. */
const rememberEveryBytes = 256 * 1024 * 1024;

/** A worker in the target's region writes the point into the new disks. */
export function writeData(env: WorkloadEnvironment): RestoreStep {
  return {
    key: 'write-data',
    title: 'Write the data to the new disks',
    async run(run) {
      if (run.memory.written === null) {
        const result = await env.runTask(writeRequest(env, run), run.signal);
        if (result.kind !== 'restore') throw unexpectedResult(result.kind);
        run.remember({ written: result.disks.map(({ index, writtenBytes }) => ({ index, writtenBytes })) });
      }
      await env.removeWorker({ ...workerPlace(run), purpose: restorePurpose }, run.signal);
      await endAccess(env, run, run.signal);
    },
  };
}

/** Another worker reads the new disks back and compares them with the point, block by block. */
export function verifyDisks(env: WorkloadEnvironment): RestoreStep {
  return {
    key: 'verify',
    title: 'Read the new disks back and compare',
    skip: (run) => !run.input.verify,
    async run(run) {
      if (!run.memory.verified) {
        run.progress({ totalBytes: 0, doneBytes: 0, storedBytes: writtenBytes(run) });
        const result = await env.runTask(verifyRequest(env, run), run.signal);
        if (result.kind !== 'verify') throw unexpectedResult(result.kind);
        const differs = result.disks.find(({ firstDifference }) => firstDifference !== null);
        if (differs) throw different(run, differs.index, differs.firstDifference ?? 0);
        run.remember({ verified: true });
        run.log('info', 'Every block of the new disks equals the restore point.');
      }
      await env.removeWorker({ ...workerPlace(run), purpose: verifyPurpose }, run.signal);
      await endAccess(env, run, run.signal);
    },
  };
}

/** Ends every SAS of the new disks. An upload disk becomes usable by this. */
export async function endAccess(
  env: WorkloadEnvironment,
  run: RestoreRun,
  signal: AbortSignal,
): Promise<void> {
  const connection = await env.connect(run.input.accountId);
  await Promise.all(run.input.disks.map(({ targetId }) => revokeDiskAccess(connection, targetId, signal)));
}

/** Removes the workers of a restore that will not go on. */
export async function removeWorkers(env: WorkloadEnvironment, run: RestoreRun): Promise<void> {
  if (!run.memory.checked) return;
  for (const purpose of [restorePurpose, verifyPurpose])
    await env.removeWorker({ ...workerPlace(run), purpose }, run.signal);
}

function workerPlace(run: RestoreRun) {
  const { accountId, subscriptionId, region } = run.input;
  return { sessionId: run.sessionId, accountId, subscriptionId, region };
}

function commonRequest(env: WorkloadEnvironment, run: RestoreRun, grant: typeof grantDiskRead) {
  return {
    ...workerPlace(run),
    secrets: (signal: AbortSignal) => diskSecrets(env, run, grant, signal),
    onLog: run.log,
  };
}

function writeRequest(env: WorkloadEnvironment, run: RestoreRun): TaskRequest {
  let remembered = 0;
  return {
    ...commonRequest(env, run, grantDiskWrite),
    purpose: restorePurpose,
    task: (resume) => writeTask(env, run, resume),
    onProgress(progress) {
      run.progress(progress);
      if (progress.doneBytes - remembered < rememberEveryBytes) return;
      remembered = progress.doneBytes;
      run.remember({ resume: progress.resume });
    },
  };
}

function writeTask(env: WorkloadEnvironment, run: RestoreRun, resume: WorkerProgress | null): RestoreTask {
  const offsets = new Map((resume?.resume ?? run.memory.resume).map(({ index, offset }) => [index, offset]));
  return {
    kind: 'restore',
    ...repositoryPart(env, run),
    disks: run.input.disks.map((disk) => ({
      index: disk.index,
      name: disk.name,
      sizeBytes: disk.sizeBytes,
      target: disk.targetId,
      startAt: offsets.get(disk.index) ?? 0,
    })),
  };
}

function verifyRequest(env: WorkloadEnvironment, run: RestoreRun): TaskRequest {
  const task: VerifyTask = {
    kind: 'verify',
    ...repositoryPart(env, run),
    disks: run.input.disks.map(({ index, name, sizeBytes, targetId }) => ({
      index,
      name,
      sizeBytes,
      target: targetId,
    })),
  };
  return {
    ...commonRequest(env, run, grantDiskRead),
    purpose: verifyPurpose,
    task: () => task,
    onProgress: (progress) => run.progress({ ...progress, storedBytes: writtenBytes(run) }),
  };
}

function writtenBytes(run: RestoreRun): number {
  return (run.memory.written ?? []).reduce((sum, disk) => sum + disk.writtenBytes, 0);
}

function repositoryPart(env: WorkloadEnvironment, run: RestoreRun) {
  const { folder, encrypted } = env.repository(run.input.repositoryId);
  return { repository: { folder, encrypted }, point: run.input.pointId };
}

async function diskSecrets(
  env: WorkloadEnvironment,
  run: RestoreRun,
  grant: typeof grantDiskRead,
  signal: AbortSignal,
): Promise<TaskSecrets> {
  const repository = env.repository(run.input.repositoryId);
  const connection = await env.connect(run.input.accountId);
  const disks = await Promise.all(
    run.input.disks.map(async ({ index, targetId }) => {
      const access = await grant(connection, { diskId: targetId, durationSeconds: accessSeconds }, signal);
      return { index, url: access.sas, previousUrl: null };
    }),
  );
  const access = await repository.grant('read', accessSeconds, signal);
  return { repositoryUrl: access.sas, dataKey: await repository.dataKey(), disks };
}

function different(run: RestoreRun, index: number, offset: number): AppError {
  const name = run.input.disks.find((disk) => disk.index === index)?.name ?? String(index);
  return new AppError('damaged', {
    message: `The new disk for ${name} does not equal the restore point (first difference at byte ${offset}).`,
    hint: 'Start the restore again; the restore point itself was read without an error.',
    details: { disk: name, offset: String(offset) },
  });
}

function unexpectedResult(kind: string): AppError {
  return new AppError('worker-failed', {
    message: 'The worker answered with the result of another task.',
    details: { kind },
  });
}
