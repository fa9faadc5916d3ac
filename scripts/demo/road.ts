import type { Core, RestorePoint, Session } from '../../core/index.ts';
import { AppError } from '../../core/index.ts';
import type { CliIo } from '../../server/cli/cli-io.ts';
import { findPoint, findVm } from '../../server/cli/find.ts';
import { restoreTarget } from '../../server/cli/restore-target.ts';
import { runSession } from '../../server/cli/run-session.ts';
import type { LabProcess } from '../lab-process.ts';

/** What the road needs: a console, a lab, and somewhere to show progress. */
export interface Road {
  readonly core: Core;
  readonly lab: LabProcess;
  readonly io: CliIo;
}

export interface BackupRun {
  readonly point: RestorePoint;
  readonly seconds: number;
  /** SHA-256 of the machine's disks when the snapshots were taken, by disk index. */
  readonly sourceHashes: readonly string[];
  readonly sessionId: string;
}

export interface RestoreRun {
  readonly point: string;
  readonly seconds: number;
  readonly writtenBytes: number;
  readonly sha256Matches: boolean;
  readonly diskIds: readonly string[];
}

export async function signIn({ core, lab, io }: Road): Promise<void> {
  const { operator, tenantId } = lab.addresses;
  const credential = { kind: 'secret' as const, secret: operator.clientSecret };
  const input = { name: operator.displayName, tenantId, clientId: operator.clientId, credential };
  const { sessionId } = await core.call('account.addServicePrincipal', input, io.signal);
  await runSession(core, sessionId, io);
}

/** An encrypted repository in a new container of the machine's own region. Gives its id. */
export async function addRepository(road: Road, region: string, password: string): Promise<string> {
  const { core, io } = road;
  const accounts = await core.call('repository.storageAccounts', {}, io.signal);
  const usable = accounts.filter((account) => account.refusal === null);
  const account = usable.find((candidate) => candidate.region === region) ?? usable[0];
  if (account === undefined)
    throw new AppError('not-found', { message: 'The lab has no storage account for a repository.' });
  const { sessionId } = await core.call(
    'repository.add',
    {
      storageAccountId: account.resourceId,
      container: 'demo',
      folder: '',
      name: 'demo',
      mode: 'create',
      createContainer: true,
      encryption: { kind: 'password', password },
    },
    io.signal,
  );
  const session = await runSession(core, sessionId, io);
  if (session.result?.kind === 'repository') return session.result.repositoryId;
  throw new AppError('internal', { message: 'Adding the repository gave no repository.' });
}

/** The machine's guest is idle meanwhile, so its disks now are its disks when the snapshots are taken. */
export async function backUp(road: Road, vmName: string, repositoryId: string): Promise<BackupRun> {
  const { core, lab, io } = road;
  const vm = await findVm(core, vmName, io.signal);
  const sourceHashes: string[] = [];
  for (const disk of vm.disks) sourceHashes.push(await lab.diskSha256(disk.resourceId ?? ''));
  const { sessionId } = await core.call(
    'backup.start',
    { resourceId: vm.resourceId, repositoryId },
    io.signal,
  );
  const session = await runSession(core, sessionId, io);
  if (session.result?.kind !== 'backup')
    throw new AppError('internal', { message: 'The backup gave no restore point.' });
  const point = await core.call('point.get', { pointId: session.result.pointId }, io.signal);
  const named = (name: string) => vm.disks.findIndex((disk) => disk.name === name);
  const inPointOrder = point.disks.map((disk) => sourceHashes[named(disk.name)] ?? '');
  return { point, seconds: secondsOf(session), sourceHashes: inPointOrder, sessionId };
}

/** All disks of a point as new disks, read back by Cairn, then hashed by the lab and compared with the source. */
export async function restore(road: Road, run: BackupRun, suffix: string): Promise<RestoreRun> {
  const { core, lab, io } = road;
  const point = await findPoint(core, run.point.id, io.signal);
  const disk = point.disks.map(({ index }) => `${index}=demo-${suffix}-disk-${index}`);
  const target = await restoreTarget(core, point, { to: 'disks', disk }, io.signal);
  const plan = await core.call('restore.plan', { pointId: point.id, target }, io.signal);
  const { sessionId } = await core.call('restore.start', { planId: plan.id }, io.signal);
  const session = await runSession(core, sessionId, io);
  if (session.result?.kind !== 'restore')
    throw new AppError('internal', { message: 'The restore gave no disks.' });
  const { disks } = session.result;
  let sha256Matches = disks.length === point.disks.length;
  for (const restored of disks) {
    const position = point.disks.findIndex(({ index }) => index === restored.index);
    const found = await lab.diskSha256(restored.resourceId);
    if (found !== run.sourceHashes[position]) sha256Matches = false;
  }
  return {
    point: point.id,
    seconds: secondsOf(session),
    writtenBytes: disks.reduce((sum, restored) => sum + restored.writtenBytes, 0),
    sha256Matches,
    diskIds: disks.map((restored) => restored.resourceId),
  };
}

function secondsOf({ startedAt, endedAt }: Session): number {
  return startedAt === null || endedAt === null ? 0 : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}
