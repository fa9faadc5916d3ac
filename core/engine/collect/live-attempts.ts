import { AppError } from '../../contract/index.ts';
import { idFromName, prefixes } from '../format/names.ts';
import { objectKinds } from '../format/sealed-object.ts';
import { decodeWriter } from '../format/writer-record.ts';
import { pointName } from '../points/read-manifest.ts';
import { listObjects } from '../repository/list-objects.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { putSealed } from '../repository/sealed-store.ts';

export interface Attempts {
  /** May still become points. */
  readonly live: readonly string[];
  /** Became a point or were fenced off, and died before they could remove their record. */
  readonly ended: readonly string[];
}

export async function readAttempts(repository: OpenRepository, signal?: AbortSignal): Promise<Attempts> {
  const live: string[] = [];
  const ended: string[] = [];
  for await (const { name } of listObjects(repository.store, 'writer', signal)) {
    const attempt = idFromName(name);
    const end = await repository.store.head(pointName(attempt), signal);
    (end === undefined ? live : ended).push(attempt);
  }
  return { live, ended };
}

/**
 * Fences off attempts that began longer ago than any backup takes. Safe even when one of them is alive after
 * all: it will find the fence where its manifest should go, and fail. Gives the ids fenced.
 */
export async function fenceAbandoned(
  repository: OpenRepository,
  options: { readonly abandonAfter: number; readonly signal?: AbortSignal },
): Promise<string[]> {
  const fenced: string[] = [];
  for (const attempt of (await readAttempts(repository, options.signal)).live) {
    const age = repository.deps.clock() - (await startOf(repository, attempt, options.signal));
    if (age < options.abandonAfter) continue;
    if (!(await putFence(repository, attempt, options.signal))) continue;
    await repository.store.delete(prefixes.writers + attempt, options.signal);
    fenced.push(attempt);
  }
  return fenced;
}

/** False when something stands there already. */
export async function putFence(
  repository: OpenRepository,
  attempt: string,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const name = pointName(attempt);
    await putSealed(repository, { name, kind: objectKinds.fence, plain: new Uint8Array(0) }, signal);
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'already-exists') return false;
    throw thrown;
  }
}

/** Milliseconds since 1970. A record that is gone ended just now; a damaged one counts from the beginning of time. */
async function startOf(repository: OpenRepository, attempt: string, signal?: AbortSignal): Promise<number> {
  const name = prefixes.writers + attempt;
  try {
    return decodeWriter(await repository.store.get(name, undefined, signal), name).startedAt ?? 0;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found') return repository.deps.clock();
    if (thrown instanceof AppError && thrown.code === 'damaged') return 0;
    throw thrown;
  }
}
