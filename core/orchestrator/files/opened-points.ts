import type { PointRecord } from '../../db/index.ts';
import { newId } from '../../domain/index.ts';
import type { FileService } from '../../files/index.ts';
import type { FileRecoveryDeps } from './file-recovery-service.ts';

/** One look needs the metadata on the way to one place. */
const lookCacheBytes = 32 * 1024 * 1024;

/** A point opened beside any session, directly, for one look at it. */
export interface OpenedPoint {
  readonly service: FileService;
  close(): Promise<void>;
}

export async function openPointDirectly(
  { context, openers }: Pick<FileRecoveryDeps, 'context' | 'openers'>,
  point: PointRecord,
  signal: AbortSignal,
): Promise<OpenedPoint> {
  const repository = context.database.repositories.find(point.repositoryId ?? '');
  return openers.direct.open(
    {
      sessionId: newId(context.host.random),
      point,
      source: 'repository',
      accountId: repository?.accountId ?? '',
      cacheBytes: lookCacheBytes,
      closesAt: () => Number.POSITIVE_INFINITY,
      onActivity: () => undefined,
      onLog: () => undefined,
      onTaken: () => undefined,
    },
    signal,
  );
}
