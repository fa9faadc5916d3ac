import type { RestorePoint, Session } from '../../core/index.ts';
import { restore } from '../../scripts/demo/road.ts';
import type { CliIo } from '../../server/cli/cli-io.ts';
import { findVm } from '../../server/cli/find.ts';
import { runSession } from '../../server/cli/run-session.ts';
import { countOperations, type PaidOperations } from './paid-operations.ts';
import type { RoadLab } from './road-lab.ts';
import { treeCpuSeconds } from './tree-cpu.ts';

/** One backup or restore through console, lab and worker. */
export interface RoadRun {
  /** From the session's start to its end: snapshot, worker machine, task, checks, removal. */
  readonly sessionSeconds: number;
  /** What the worker needed for its task: planning, reading by SAS, engine, writing. */
  readonly taskSeconds: number;
  readonly taskCpuSeconds: number;
  /** Processor time of console, lab, Azurite and worker together, during the session; not known of a restore. */
  readonly allCpuSeconds: number | undefined;
  readonly peakMebibytes: number;
  readonly readBytes: number;
  readonly storedBytes: number;
  readonly operations: PaidOperations;
}

export interface RoadBackup extends RoadRun {
  readonly point: RestorePoint;
}

/** A full backup into a new repository in the container `name`. */
export async function backUpByRoad(road: RoadLab, name: string, io: CliIo): Promise<RoadBackup> {
  const { core, lab, machine } = road;
  const repositoryId = await road.addRepository(name);
  const { resourceId } = await findVm(core, machine, io.signal);
  const operations = await countOperations(lab, `*/${name}*`);
  const cpuBefore = treeCpuSeconds();
  const { sessionId } = await core.call('backup.start', { resourceId, repositoryId }, io.signal);
  const session = await runSession(core, sessionId, io);
  const besideWorker = treeCpuSeconds() - cpuBefore;
  if (session.result?.kind !== 'backup') throw new Error('The backup gave no restore point.');
  const point = await core.call('point.get', { pointId: session.result.pointId }, io.signal);
  const footprint = await footprintOf(road, session);
  return {
    ...footprint,
    point,
    // A worker machine is killed with its processes, and nobody inherits their time; the worker has told its own.
    allCpuSeconds: besideWorker + footprint.taskCpuSeconds,
    readBytes: point.readBytes,
    storedBytes: point.storedBytes,
    operations: await operations(),
  };
}

/** A restore of all disks of a point as new disks. */
export async function restoreByRoad(
  road: RoadLab,
  { backup, name }: { readonly backup: RoadBackup; readonly name: string },
  io: CliIo,
): Promise<RoadRun> {
  const { core, lab } = road;
  const operations = await countOperations(lab, `*/${name}*`);
  const from = { point: backup.point, seconds: 0, sourceHashes: [], sessionId: '' };
  const before = await newestRestore(road, io);
  const { seconds, writtenBytes } = await restore({ core, lab, io }, from, name);
  const session = await newestRestore(road, io);
  if (session === undefined || session.id === before?.id)
    throw new Error('There is no session of the restore.');
  return {
    ...(await footprintOf(road, session)),
    sessionSeconds: seconds,
    // Afterwards the lab hashes the new disks, which is none of the road.
    allCpuSeconds: undefined,
    readBytes: backup.storedBytes,
    storedBytes: writtenBytes,
    operations: await operations(),
  };
}

async function newestRestore({ core }: RoadLab, io: CliIo): Promise<Session | undefined> {
  return (await core.call('session.list', { kind: 'restore', limit: 1 }, io.signal))[0];
}

async function footprintOf(
  { core }: RoadLab,
  { id: sessionId, startedAt, endedAt }: Session,
): Promise<Pick<RoadRun, 'sessionSeconds' | 'taskSeconds' | 'taskCpuSeconds' | 'peakMebibytes'>> {
  const log = await core.call('session.log', { sessionId, after: 0 });
  // A restore has two tasks (writing and reading back); the first one is compared.
  const details = log.find((entry) => entry.details['peakMebibytes'] !== undefined)?.details ?? {};
  return {
    sessionSeconds: (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1000,
    taskSeconds: Number(details['seconds']),
    taskCpuSeconds: Number(details['cpuSeconds']),
    peakMebibytes: Number(details['peakMebibytes']),
  };
}
