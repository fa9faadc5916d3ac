import { type Connection, getSnapshot } from '../../../azure/index.ts';
import { AppError } from '../../../contract/index.ts';
import { type BaseChoice, chooseBase, fullReasonText } from '../../../domain/index.ts';
import type { KeptBase, WorkloadEnvironment } from '../../environment.ts';
import type { BackupRun, BackupStep, RememberedDisk } from './state.ts';

/** Decides for every disk what to read: what changed since the last point, or all that is allocated. */
export function compareWithLastPoint(env: WorkloadEnvironment): BackupStep {
  return {
    key: 'compare',
    title: 'Compare with the last backup',
    async run(run) {
      const last = await usableLastPoint(env, run);
      const connection = await env.connect(run.input.accountId);
      const choices = await Promise.all(
        run.memory.disks.map((disk) => choiceFor(connection, disk, last, run.signal)),
      );
      run.memory.disks.forEach((disk, position) => {
        logChoice(run, disk, choices[position]);
      });
      const disks = run.memory.disks.map((disk, position) => ({
        ...disk,
        baseId: baseOf(choices[position]),
      }));
      const compares = disks.some(({ baseId }) => baseId !== null);
      run.remember({ disks, previousPoint: compares ? (last.point?.pointId ?? null) : null });
    },
  };
}

interface LastPoint {
  readonly point: { readonly pointId: string; readonly kept: readonly KeptBase[] } | null;
  /** True when there was one, but it is not in the repository any more. */
  readonly missing: boolean;
}

async function usableLastPoint(env: WorkloadEnvironment, run: BackupRun): Promise<LastPoint> {
  const { resourceId, repositoryId } = run.input;
  const point = env.points.latest(resourceId, repositoryId);
  if (!point) return { point: null, missing: false };
  try {
    await env.repository(repositoryId).readPoint(point.pointId, run.signal);
    return { point, missing: false };
  } catch (error) {
    if (error instanceof AppError && (error.code === 'not-found' || error.code === 'damaged'))
      return { point: null, missing: true };
    throw error;
  }
}

async function choiceFor(
  connection: Connection,
  disk: RememberedDisk,
  last: LastPoint,
  signal: AbortSignal,
): Promise<BaseChoice> {
  if (last.missing) return { mode: 'full', reason: 'point-missing' };
  const kept = last.point?.kept.find(({ diskId }) => diskId.toLowerCase() === disk.diskId.toLowerCase());
  const now = { resourceId: disk.diskId, uniqueId: disk.uniqueId, sizeBytes: disk.sizeBytes };
  const choice = chooseBase(now, kept, last.point !== null);
  if (choice.mode === 'full') return choice;
  const snapshot = await getSnapshot(connection, choice.snapshotId, signal);
  if (!snapshot) return { mode: 'full', reason: 'snapshot-deleted' };
  return snapshot.incremental && snapshot.sourceUniqueId === disk.uniqueId
    ? choice
    : { mode: 'full', reason: 'snapshot-replaced' };
}

function logChoice(run: BackupRun, disk: RememberedDisk, choice: BaseChoice | undefined): void {
  if (choice?.mode !== 'full') return;
  const level = choice.reason === 'first-backup' || choice.reason === 'disk-added' ? 'info' : 'warning';
  run.log(level, `Disk ${disk.name} is read in full: ${fullReasonText(choice.reason)}.`, {
    disk: disk.name,
    reason: choice.reason,
  });
}

function baseOf(choice: BaseChoice | undefined): string | null {
  return choice?.mode === 'changed' ? choice.snapshotId : null;
}
