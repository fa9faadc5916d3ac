import { AppError } from '../contract/index.ts';
import type { KeyWrap } from '../engine/index.ts';
import type { Connection } from './connection.ts';
import { bytesOf, callKeyVault } from './key-vault-client.ts';
import { formatKeyVaultKeyId, type KeyVaultKeyId, parseKeyVaultKeyId } from './key-vault-key-id.ts';

/** RSAES-OAEP with SHA-256 and MGF1 with SHA-256 (RFC 8017); what RSA keys of 2048 bits and more can do in every vault. */
const algorithm = 'RSA-OAEP-256';

/**
 * A key of a vault as what closes and opens a key slot. Without a version in the id, the newest one is looked up, and
 * `keyId` names it: the slot is opened by the very version that closed it, so rotating the key takes nothing away.
 *
 * `permission-denied` (role, network, disabled, expired, not meant for this), `not-found` (also deleted), `unreachable`,
 * `not-signed-in`, `invalid-input`.
 */
export async function openKeyVaultKey(
  connection: Connection,
  keyId: string,
  signal: AbortSignal,
): Promise<KeyWrap> {
  const given = parseKeyVaultKeyId(connection.cloud, keyId);
  const key = given.version === undefined ? await newestVersion(connection, given, signal) : given;
  const never = new AbortController().signal;
  return {
    keyId: formatKeyVaultKeyId(key),
    wrap: (bytes, stop = never) => wrap(connection, { key, bytes }, stop),
    unwrap: (bytes, stop = never) => unwrap(connection, { key, bytes }, stop),
  };
}

async function newestVersion(
  connection: Connection,
  key: KeyVaultKeyId,
  signal: AbortSignal,
): Promise<KeyVaultKeyId> {
  const answer = await callKeyVault(connection, { action: 'read a Key Vault key', key }, signal);
  const { kid } = { ...(answer['key'] as { readonly kid?: unknown } | undefined) };
  const newest = parseKeyVaultKeyId(connection.cloud, String(kid));
  return { ...key, version: newest.version };
}

interface KeyBytes {
  readonly key: KeyVaultKeyId;
  readonly bytes: Uint8Array;
}

/** Opens what it has just closed: a slot that nobody can open would be found out on the worst day. */
async function wrap(
  connection: Connection,
  { key, bytes }: KeyBytes,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const body = { alg: algorithm, value: Buffer.from(bytes).toString('base64url') };
  const call = { action: 'wrap a key', key, operation: 'wrapkey', body } as const;
  const wrapped = bytesOf((await callKeyVault(connection, call, signal))['value']);
  const opened = await unwrap(connection, { key, bytes: wrapped }, signal);
  if (Buffer.from(bytes).equals(opened)) return wrapped;
  throw new AppError('azure-failed', { message: 'The key vault did not open what it had just closed.' });
}

async function unwrap(
  connection: Connection,
  { key, bytes }: KeyBytes,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const body = { alg: algorithm, value: Buffer.from(bytes).toString('base64url') };
  const call = { action: 'unwrap a key', key, operation: 'unwrapkey', body } as const;
  try {
    return bytesOf((await callKeyVault(connection, call, signal))['value']);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.details['azureCode'] === 'BadParameter')
      throw wrongKey(key, thrown);
    throw thrown;
  }
}

function wrongKey(key: KeyVaultKeyId, cause: AppError): AppError {
  return new AppError('wrong-password', {
    message: 'This Key Vault key did not wrap the key of the repository.',
    hint: 'Open the repository with another of its keys or with a password.',
    details: { keyId: formatKeyVaultKeyId(key) },
    cause,
  });
}
