import { type Connection, openBlobStore } from '../../azure/index.ts';
import { AppError, toAppError } from '../../contract/index.ts';
import type { RepositoryRecord } from '../../db/index.ts';
import { openRepository, type Repository } from '../../engine/index.ts';
import type { CoreHost } from '../../host.ts';

/** A repository opened with the data key from the host's secret store. Reading manifests needs no threads. */
export async function openKnownRepository(
  host: CoreHost,
  connection: Connection,
  record: RepositoryRecord,
  signal: AbortSignal,
): Promise<Repository> {
  const { account, container, folder } = record;
  const dataKey = await readDataKey(host, record);
  const store = openBlobStore(connection, { account, container, folder }, connection.options);
  const repository = await openRepository(store, {
    unlock:
      dataKey === null
        ? { kind: 'none' }
        : { kind: 'data-key', dataKey: new Uint8Array(Buffer.from(dataKey, 'base64')) },
    deps: { clock: () => host.clock.now(), random: host.random },
    threads: 0,
    signal,
  });
  if (repository.header.id === record.engineId) return repository;
  throw new AppError('repository-foreign', {
    message: `The folder of the repository "${record.name}" holds another repository now.`,
    hint: 'Remove the repository here and add what is there, or bring the former folder back.',
    details: { expected: record.engineId, found: repository.header.id },
  });
}

/** Base64, or null for a repository without encryption. Throws `wrong-password` when this computer lost it. */
export async function readDataKey(host: CoreHost, record: RepositoryRecord): Promise<string | null> {
  if (record.secretKey === null) return null;
  const stored = await host.secrets.get(record.secretKey);
  if (stored !== null) return stored;
  throw new AppError('wrong-password', {
    message: `The key of the repository "${record.name}" is not stored on this computer any more.`,
    hint: 'Remove the repository here and add it again with its password.',
    details: { repositoryId: record.id },
  });
}

/** The same work, with what Azure says about a missing folder put into the repository's words. */
export async function reachRepository<T>(record: RepositoryRecord, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'not-found' && error.code !== 'unreachable') throw error;
    throw new AppError(error.code, {
      message: `The repository "${record.name}" cannot be reached: ${error.message}`,
      hint: error.code === 'not-found' ? 'Check that its container still exists.' : error.hint,
      retryable: error.retryable,
      details: { ...error.details, repositoryId: record.id },
      cause: thrown,
    });
  }
}
