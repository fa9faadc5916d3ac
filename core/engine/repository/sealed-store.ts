import { expectKind, type ObjectKind, openObject, sealObject } from '../format/sealed-object.ts';
import type { OpenRepository } from './open-state.ts';

export async function putSealed(
  repository: OpenRepository,
  content: { readonly name: string; readonly kind: ObjectKind; readonly plain: Uint8Array },
  signal?: AbortSignal,
): Promise<number> {
  const parts = sealObject(content, { keys: repository.keys, random: repository.deps.random });
  await repository.store.put(content.name, parts, signal);
  return parts.reduce((sum, part) => sum + part.length, 0);
}

export async function getSealed(
  repository: OpenRepository,
  expected: { readonly name: string; readonly kind: ObjectKind },
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await repository.store.get(expected.name, undefined, signal);
  const object = openObject(expected.name, bytes, repository.keys);
  return expectKind(expected.name, object, expected.kind);
}
