import { type Connection, grantSnapshotAccess, parseResourceId } from '../../azure/index.ts';
import { AppError, type FileRecoveryTask, type TaskSecrets } from '../../contract/index.ts';
import type { PointRecord } from '../../db/index.ts';
import type { OrchestratorContext } from '../context.ts';
import type { RepositoryService } from '../repositories/index.ts';
import type { RoadRequest } from './road.ts';

export interface ServedPointDeps {
  readonly context: OrchestratorContext;
  readonly repositories: Pick<RepositoryService, 'access'>;
  connect(accountId: string): Promise<Connection>;
}

/** A restore point as a worker is to read it. */
export interface ServedPoint {
  /** Where the worker has to be: near the data, in a subscription that the session's account sees. */
  readonly subscriptionId: string;
  readonly region: string;
  readonly source: FileRecoveryTask['source'];
  /** Fresh access for so long. Throws `snapshot-missing` when a later backup has taken the snapshots' place. */
  access(signal: AbortSignal): Promise<Omit<TaskSecrets, 'serviceToken'>>;
}

/** How long an address works that a worker gets; it asks for another one before that. */
const accessSeconds = 6 * 3600;

export function servedPoint(deps: ServedPointDeps, request: RoadRequest): ServedPoint {
  return request.source === 'snapshot' ? fromSnapshots(deps, request) : fromRepository(deps, request.point);
}

function fromRepository({ context, repositories }: ServedPointDeps, point: PointRecord): ServedPoint {
  const { database } = context;
  const repository = repositories.access(point.repositoryId ?? '');
  const account = database.repositories.find(repository.id)?.account;
  const { folder, encrypted } = repository;
  const machine = database.machines.find(point.resourceId) ? point.resourceId : undefined;
  return {
    subscriptionId: subscriptionOf(machine ?? account?.id ?? point.resourceId),
    region: account?.region ?? point.region,
    source: { kind: 'repository', repository: { folder, encrypted }, point: point.id },
    async access(signal) {
      const grant = await repository.grant('read', accessSeconds, signal);
      return { repositoryUrl: grant.sas, dataKey: await repository.dataKey(), disks: [] };
    },
  };
}

function fromSnapshots({ context, connect }: ServedPointDeps, request: RoadRequest): ServedPoint {
  const { point, accountId } = request;
  const kept = context.database.points.kept(point.id);
  return {
    subscriptionId: subscriptionOf(point.resourceId),
    region: point.region,
    source: {
      kind: 'snapshots',
      disks: kept.map(({ index, sizeBytes, snapshotId }) => ({
        index,
        sizeBytes,
        name: snapshotId.split('/').at(-1) ?? '',
      })),
    },
    async access(signal) {
      const still = context.database.points.kept(point.id);
      if (still.length === 0 || still.length !== kept.length) throw snapshotsGone(point);
      const connection = await connect(accountId);
      const disks = await Promise.all(
        still.map(async ({ index, snapshotId }) => {
          const durationSeconds = accessSeconds;
          const grant = await grantSnapshotAccess(connection, { snapshotId, durationSeconds }, signal);
          return { index, url: grant.sas, previousUrl: null };
        }),
      );
      return { repositoryUrl: null, dataKey: null, disks };
    },
  };
}

function subscriptionOf(resourceId: string): string {
  return parseResourceId(resourceId).subscriptionId;
}

function snapshotsGone(point: PointRecord): AppError {
  return new AppError('snapshot-missing', {
    message: `No snapshots are kept for this restore point of ${point.resourceName}.`,
    hint: 'Only the newest restore point keeps its snapshots. Open this one from its repository.',
    details: { pointId: point.id },
  });
}
