import { AppError } from '../../contract/index.ts';
import { damaged } from '../format/bytes.ts';
import { decodeManifest, type Manifest } from '../format/manifest.ts';
import { isId, prefixes } from '../format/names.ts';
import { expectKind, objectKinds, openObject } from '../format/sealed-object.ts';
import type { RestorePoint } from '../model.ts';
import type { OpenRepository } from '../repository/open-state.ts';

export function pointName(pointId: string): string {
  return prefixes.points + pointId;
}

/** `not-found` when there is no such point, also when its attempt was fenced off before it could finish. */
export async function readManifest(
  repository: OpenRepository,
  pointId: string,
  signal?: AbortSignal,
): Promise<Manifest> {
  if (!isId(pointId)) throw noSuchPoint(pointId);
  const manifest = await readManifestOrFence(repository, pointName(pointId), signal);
  if (manifest === undefined) throw noSuchPoint(pointId);
  return manifest;
}

/** The manifest under this name, or undefined when a fence stands there (or nothing at all). */
export async function readManifestOrFence(
  repository: OpenRepository,
  name: string,
  signal?: AbortSignal,
): Promise<Manifest | undefined> {
  const bytes = await getIfThere(repository, name, signal);
  if (bytes === undefined) return undefined;
  const object = openObject(name, bytes, repository.keys);
  if (object.kind === objectKinds.fence) return undefined;
  const manifest = decodeManifest(expectKind(name, object, objectKinds.manifest), name);
  if (pointName(manifest.id) !== name) throw damaged(name, 'it is the manifest of another point');
  return manifest;
}

async function getIfThere(
  repository: OpenRepository,
  name: string,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    return await repository.store.get(name, undefined, signal);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found') return undefined;
    throw thrown;
  }
}

/** What callers see of a manifest. */
export function restorePointOf(manifest: Manifest): RestorePoint {
  return {
    ...manifest,
    disks: manifest.disks.map(({ id, name, size, blockSize }) => ({ id, name, size, blockSize })),
  };
}

export function noSuchPoint(pointId: string): AppError {
  return new AppError('not-found', {
    message: `There is no restore point ${pointId.slice(0, 40)} in the repository.`,
    hint: 'It may have been deleted; list the restore points again.',
    details: { point: pointId.slice(0, 40) },
  });
}
