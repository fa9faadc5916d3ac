import { createContainerSas } from '../../azure/index.ts';
import { toAppError } from '../../contract/index.ts';
import type { RepositoryRecord } from '../../db/index.ts';
import {
  type Repository as EngineRepository,
  listPoints,
  readPoint,
  requireOwnership,
} from '../../engine/index.ts';
import type { RepositoryAccess } from '../../workloads/index.ts';
import type { OrchestratorContext } from '../context.ts';
import { openKnownRepository, reachRepository, readDataKey } from './open.ts';
import type { RepositoryDeps } from './repository-service.ts';

/** A repository as the steps of a session use it. */
export function accessTo({ context, connect }: RepositoryDeps, record: RepositoryRecord): RepositoryAccess {
  const { host } = context;
  const opened = async (signal: AbortSignal) =>
    openKnownRepository(host, await connect(record.accountId), record, signal);
  const { id, name, folder, encrypted, state } = record;
  return {
    id,
    name,
    folder,
    encrypted,
    state,
    proveOwner: (signal) =>
      reachRepository(record, async () => proveOwner(context, record, await opened(signal), signal)),
    dataKey: () => readDataKey(host, record),
    grant: (access, durationSeconds, signal) =>
      reachRepository(record, async () => {
        const { account, container } = record;
        const request = { account, container, access, durationSeconds };
        return createContainerSas(await connect(record.accountId), request, signal);
      }),
    readPoint: (pointId, signal) => readKnownPoint(opened, record, { pointId, signal }),
    listPoints: (signal) => reachRepository(record, async () => listPoints(await opened(signal), signal)),
  };
}

/** A repository that another installation has taken over is read-only here from now on. */
async function proveOwner(
  { database, events, installationId }: OrchestratorContext,
  record: RepositoryRecord,
  opened: EngineRepository,
  signal: AbortSignal,
): Promise<void> {
  try {
    await requireOwnership(opened.store, installationId, signal);
  } catch (thrown) {
    if (toAppError(thrown).code === 'repository-owned') {
      database.repositories.put({ ...record, state: 'read-only' });
      events.changed('repository', record.id);
    }
    throw thrown;
  }
}

/** Opening says `unreachable` in the repository's words; a missing point stays `not-found`. */
async function readKnownPoint(
  opened: (signal: AbortSignal) => ReturnType<typeof openKnownRepository>,
  record: RepositoryRecord,
  wanted: { readonly pointId: string; readonly signal: AbortSignal },
) {
  const repository = await reachRepository(record, () => opened(wanted.signal));
  return readPoint(repository, wanted.pointId, wanted.signal);
}
