import type { Connection } from '../../azure/index.ts';
import { AppError } from '../../contract/index.ts';
import type { RepositoryRecord } from '../../db/index.ts';
import type { Repository } from '../../engine/index.ts';
import { openFilesThread } from '../../files/index.ts';
import type { OrchestratorContext } from '../context.ts';
import { openKnownRepository, reachRepository } from '../repositories/index.ts';
import type { FileRoadOpener, OpenedFiles, RoadRequest } from './road.ts';

export interface DirectRoadDeps {
  readonly context: OrchestratorContext;
  connect(accountId: string): Promise<Connection>;
  /** The thread's entry in a bundle. */
  readonly threadUrl: URL | undefined;
}

/** Several sessions may be open at a time on an ordinary computer. */
const usualCacheBytes = 128 * 1024 * 1024;

/** Core reads the repository itself: no worker, no cost, open within about a second. */
export function directRoad(deps: DirectRoadDeps): FileRoadOpener {
  return {
    async open(request, signal) {
      const record = repositoryOf(deps, request);
      request.onActivity(`Opening the repository "${record.name}".`);
      const repository = await reachRepository(record, async () =>
        openKnownRepository(deps.context.host, await deps.connect(record.accountId), record, signal),
      );
      return openOnThread(deps, repository, request);
    },
    // Everything it made is in this process.
    remove: async () => undefined,
  };
}

/** The store stays in this thread, as it holds the credentials; the data key goes along and everything else is done there. */
function openOnThread(
  { threadUrl }: DirectRoadDeps,
  repository: Repository,
  { point, cacheBytes = usualCacheBytes }: RoadRequest,
): OpenedFiles {
  const lost = new AbortController();
  const { store, header } = repository;
  const dataKey = header.encrypted ? { dataKey: repository.exportDataKey() } : {};
  const service = openFilesThread({
    source: { kind: 'repository', store, pointId: point.id, cacheBytes, ...dataKey },
    onLost: (error) => lost.abort(error),
    ...(threadUrl === undefined ? {} : { threadUrl }),
  });
  return {
    service,
    worker: null,
    lost: lost.signal,
    shares: () => [],
    share: noLinks,
    unshare: noLinks,
    extended: () => undefined,
    async close() {
      await service.close();
      await repository.close();
    },
  };
}

async function noLinks(): Promise<never> {
  throw new AppError('not-supported', {
    message: 'Links can be shared only from a session that is served by a worker.',
    hint: 'Open the restore point through a worker.',
  });
}

function repositoryOf({ context }: DirectRoadDeps, { point }: RoadRequest): RepositoryRecord {
  const record = context.database.repositories.find(point.repositoryId ?? '');
  if (record) return record;
  throw new AppError('not-found', {
    message: 'The repository of this restore point is not known here any more.',
    hint: 'Add the repository again.',
  });
}
