import type { JsonObject, LabRequest } from '../front/index.ts';
import type { VaultKey } from './key-book.ts';
import { type KeyVersion, publicJwk } from './key-version.ts';

/** Days a deleted key can be recovered; the least that Azure allows. */
const recoveryDays = 7;

export const kidOf = (request: LabRequest, name: string, version: KeyVersion): string =>
  `${request.origin}/keys/${name}/${version.id}`;

function attributesOf(version: KeyVersion): JsonObject {
  const { enabled, created, updated, notBefore, expires } = version;
  return {
    enabled,
    created,
    updated,
    ...(notBefore === undefined ? {} : { nbf: notBefore }),
    ...(expires === undefined ? {} : { exp: expires }),
    recoveryLevel: 'CustomizedRecoverable+Purgeable',
    recoverableDays: recoveryDays,
    exportable: false,
  };
}

/** A key as every answer shows it. */
export function bundle(request: LabRequest, name: string, version: KeyVersion): JsonObject {
  const key = publicJwk(version, kidOf(request, name, version));
  return { key, attributes: attributesOf(version), tags: version.tags };
}

/** A key as lists show it: without its public half. `suffix` is the version's part of the id. */
export function item(
  request: LabRequest,
  name: string,
  version: KeyVersion | undefined,
  suffix: string,
): JsonObject {
  const kid = `${request.origin}/keys/${name}${suffix}`;
  return version === undefined ? { kid } : { kid, attributes: attributesOf(version), tags: version.tags };
}

export function deletedBundle(request: LabRequest, { name, versions, deletedAt = 0 }: VaultKey): JsonObject {
  const newest = versions.at(-1);
  return {
    recoveryId: `${request.origin}/deletedkeys/${name}`,
    deletedDate: deletedAt,
    scheduledPurgeDate: deletedAt + recoveryDays * 86_400,
    ...(newest === undefined ? {} : bundle(request, name, newest)),
  };
}
