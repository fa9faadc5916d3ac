import { randomBytes } from 'node:crypto';
import { json, type LabRequest, type LabResponse } from '../front/index.ts';
import type { CallerIdentity } from '../ports.ts';
import type { KeyBook } from './key-book.ts';
import { bundle, deletedBundle, item, kidOf } from './key-bundle.ts';
import { type CryptoOperation, usableVersion } from './key-operations.ts';
import { keyBodies, readBody } from './key-request.ts';
import { type KeyVersion, keyOperations, newPrivatePem } from './key-version.ts';

/** What the handlers work with. */
export interface VaultDeps {
  readonly book: KeyBook;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Throws the 403 of a caller whose roles lack a data action on a key (or, without a name, on the vault). */
  readonly allow: (caller: CallerIdentity, action: string, keyName?: string) => void;
}

const defaultBits = 2048;

/** One request whose caller is known. */
export interface VaultCall {
  readonly deps: VaultDeps;
  readonly request: LabRequest;
  readonly caller: CallerIdentity;
  readonly name: string;
}

export async function computeWithKey(
  { deps, request, caller, name }: VaultCall,
  operation: CryptoOperation,
  id: string | undefined,
): Promise<LabResponse> {
  deps.allow(caller, `keys/${operation.action}`, name);
  const version = usableVersion(deps.book, { name, id, now: deps.now() }, operation);
  const { alg, value } = readBody(request, keyBodies.operation);
  const result = operation.run(version, alg, Buffer.from(value, 'base64url'));
  return json(200, { kid: kidOf(request, name, version), value: result.toString('base64url') });
}

export async function createKey({ deps, request, caller, name }: VaultCall): Promise<LabResponse> {
  deps.allow(caller, 'keys/create/action', name);
  const body = readBody(request, keyBodies.create);
  const version = await newVersion(deps, {
    bits: body.key_size ?? defaultBits,
    operations: body.key_ops ?? keyOperations,
    enabled: body.attributes?.enabled ?? true,
    ...(body.attributes?.nbf === undefined ? {} : { notBefore: body.attributes.nbf }),
    ...(body.attributes?.exp === undefined ? {} : { expires: body.attributes.exp }),
    tags: body.tags ?? {},
  });
  await deps.book.add(name, version);
  return json(200, bundle(request, name, version));
}

/** A key as the seed wants it. */
export function seededVersion(deps: Pick<VaultDeps, 'now'>): Promise<KeyVersion> {
  return newVersion(deps, { bits: defaultBits, operations: keyOperations, enabled: true, tags: {} });
}

type VersionSettings = Omit<KeyVersion, 'id' | 'privatePem' | 'created' | 'updated'>;

async function newVersion(deps: Pick<VaultDeps, 'now'>, settings: VersionSettings): Promise<KeyVersion> {
  const created = Math.floor(deps.now() / 1000);
  const privatePem = await newPrivatePem(settings.bits);
  return { ...settings, id: randomBytes(16).toString('hex'), privatePem, created, updated: created };
}

/** A new version with new material; the old ones stay and still open what they closed. */
export async function rotateKey({ deps, request, caller, name }: VaultCall): Promise<LabResponse> {
  deps.allow(caller, 'keys/rotate/action', name);
  const { bits, operations, enabled, tags } = deps.book.version(name, undefined);
  const version = await newVersion(deps, { bits, operations, enabled, tags });
  await deps.book.add(name, version);
  return json(200, bundle(request, name, version));
}

export function getKey({ deps, request, caller, name }: VaultCall, id: string | undefined): LabResponse {
  deps.allow(caller, 'keys/read', name);
  return json(200, bundle(request, name, deps.book.version(name, id)));
}

export async function updateKey(
  { deps, request, caller, name }: VaultCall,
  id: string | undefined,
): Promise<LabResponse> {
  deps.allow(caller, 'keys/update/action', name);
  const body = readBody(request, keyBodies.update);
  const before = deps.book.version(name, id);
  const { enabled = before.enabled, nbf = before.notBefore, exp = before.expires } = body.attributes ?? {};
  const changed: KeyVersion = {
    ...before,
    enabled,
    ...(nbf === undefined ? {} : { notBefore: nbf }),
    ...(exp === undefined ? {} : { expires: exp }),
    operations: body.key_ops ?? before.operations,
    tags: body.tags ?? before.tags,
    updated: Math.floor(deps.now() / 1000),
  };
  await deps.book.replace(name, changed);
  return json(200, bundle(request, name, changed));
}

export function listKeys({ deps, request, caller }: VaultCall): LabResponse {
  deps.allow(caller, 'keys/read');
  const value = deps.book.list('live').map((key) => item(request, key.name, key.versions.at(-1), ''));
  return json(200, { value, nextLink: null });
}

export function listKeyVersions({ deps, request, caller, name }: VaultCall): LabResponse {
  deps.allow(caller, 'keys/read', name);
  const { versions } = deps.book.live(name);
  return json(200, {
    value: versions.map((each) => item(request, name, each, `/${each.id}`)),
    nextLink: null,
  });
}

export async function removeKey({ deps, request, caller, name }: VaultCall): Promise<LabResponse> {
  deps.allow(caller, 'keys/delete', name);
  await deps.book.setDeleted(name, Math.floor(deps.now() / 1000));
  return json(200, deletedBundle(request, deps.book.deleted(name)));
}

export function listDeletedKeys({ deps, request, caller }: VaultCall): LabResponse {
  deps.allow(caller, 'keys/read');
  const value = deps.book.list('deleted').map((key) => deletedBundle(request, key));
  return json(200, { value, nextLink: null });
}

export function getDeletedKey({ deps, request, caller, name }: VaultCall): LabResponse {
  deps.allow(caller, 'keys/read', name);
  return json(200, deletedBundle(request, deps.book.deleted(name)));
}

export async function recoverKey({ deps, request, caller, name }: VaultCall): Promise<LabResponse> {
  deps.allow(caller, 'keys/recover/action', name);
  await deps.book.setDeleted(name, undefined);
  return json(200, bundle(request, name, deps.book.version(name, undefined)));
}

export async function purgeKey({ deps, caller, name }: VaultCall): Promise<LabResponse> {
  deps.allow(caller, 'keys/purge/action', name);
  await deps.book.purge(name);
  return { status: 204 };
}
