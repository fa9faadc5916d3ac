import type { Connection } from '../../azure/index.ts';
import { AppError } from '../../contract/index.ts';
import type { RepositoryRecord } from '../../db/index.ts';
import { createFileService, repositoryDisks } from '../../files/index.ts';
import type { OrchestratorContext } from '../context.ts';
import { openKnownRepository, reachRepository } from '../repositories/index.ts';
import type { FileRoadOpener, OpenedFiles, RoadRequest } from './road.ts';

export interface DirectRoadDeps {
  readonly context: OrchestratorContext;
  connect(accountId: string): Promise<Connection>;
}

/** Core reads the repository itself: no worker, no cost, open within about a second. */
export function directRoad(deps: DirectRoadDeps): FileRoadOpener {
  return {
    async open(request, signal) {
      const record = repositoryOf(deps, request);
      request.onActivity(`Opening the repository "${record.name}".`);
      const { host } = deps.context;
      const connection = await deps.connect(record.accountId);
      const repository = await reachRepository(record, () =>
        openKnownRepository(host, connection, record, signal),
      );
      const disks = await repositoryDisks(repository, request.point.id, signal);
      return openedDirectly(createFileService({ disks, release: () => repository.close() }));
    },
    // Everything it made is in this process.
    remove: async () => undefined,
  };
}

function openedDirectly(service: OpenedFiles['service']): OpenedFiles {
  const refuse = async (): Promise<never> => {
    throw new AppError('not-supported', {
      message: 'Links can be shared only from a session that is served by a worker.',
      hint: 'Open the restore point through a worker.',
    });
  };
  return {
    service,
    worker: null,
    lost: new AbortController().signal,
    shares: () => [],
    share: refuse,
    unshare: refuse,
    extended: () => undefined,
    close: () => service.close(),
  };
}

function repositoryOf({ context }: DirectRoadDeps, { point }: RoadRequest): RepositoryRecord {
  const record = context.database.repositories.find(point.repositoryId ?? '');
  if (record) return record;
  throw new AppError('not-found', {
    message: 'The repository of this restore point is not known here any more.',
    hint: 'Add the repository again.',
  });
}
