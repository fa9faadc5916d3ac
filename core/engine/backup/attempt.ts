import { AppError } from '../../contract/index.ts';
import { encodeManifest, type Manifest } from '../format/manifest.ts';
import { prefixes } from '../format/names.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { encodeWriter } from '../format/writer-record.ts';
import { pointName } from '../points/read-manifest.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { randomId } from '../repository/random-id.ts';
import { putSealed } from '../repository/sealed-store.ts';

/**
 * One try at making one point. Its id is the id of the point it will become. While its record stands and
 * nothing stands under the point's name, the attempt is live, and collectors leave alone all that it may use.
 */
export async function beginAttempt(repository: OpenRepository, signal?: AbortSignal): Promise<string> {
  const attempt = randomId(repository.deps);
  const record = encodeWriter(attempt, repository.deps.clock());
  await repository.store.put(prefixes.writers + attempt, record, signal);
  return attempt;
}

/**
 * The one moment at which the point comes to be. A collector that gave the attempt up for dead has put a fence
 * under this name before, and exactly one of the two writes succeeds.
 */
export async function commitAttempt(
  repository: OpenRepository,
  manifest: Manifest,
  signal?: AbortSignal,
): Promise<void> {
  const name = pointName(manifest.id);
  try {
    await putSealed(
      repository,
      { name, kind: objectKinds.manifest, plain: encodeManifest(manifest) },
      signal,
    );
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'already-exists') throw givenUp(thrown);
    throw thrown;
  }
  await endAttempt(repository, manifest.id);
}

/** Removes the attempt's record; quiet, because a collector does the same for records left behind. */
export async function endAttempt(repository: OpenRepository, attempt: string): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  await repository.store.delete(prefixes.writers + attempt, signal).catch(() => undefined);
}

function givenUp(cause: unknown): AppError {
  return new AppError('conflict', {
    message: 'The backup took so long that it was given up and its space may be collected.',
    hint: 'Run the backup again; what it stored is found and not uploaded twice while it is there.',
    retryable: true,
    cause,
  });
}
