import { AppError, type ErrorCode } from '../contract/index.ts';
import { azureError } from './errors.ts';
import { formatKeyVaultKeyId, type KeyVaultKeyId } from './key-vault-key-id.ts';

/** What Key Vault answered instead of a result. */
export interface KeyVaultRefusal {
  readonly status: number;
  readonly code: string;
  /** `innererror.code`: tells a missing role from a disabled key. */
  readonly inner: string;
  readonly message: string;
  readonly requestId: string;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const role: Meaning = {
  code: 'permission-denied',
  message: 'The account may not use this Key Vault key.',
  hint: 'Give it the role "Key Vault Crypto User" (or "Key Vault Crypto Service Encryption User") on the vault or the key. A new role may need some minutes to work.',
};
const network: Meaning = {
  code: 'permission-denied',
  message: 'The key vault takes no requests from this network.',
  hint: "Allow this computer's address in the vault's networking settings, or work from a network that it allows.",
};

/** Source: Microsoft, "Azure Key Vault REST API error codes", and the inner codes that the service sends with a 403. */
const meanings: Readonly<Record<string, Meaning>> = {
  ForbiddenByRbac: role,
  AccessDenied: role,
  ForbiddenByPolicy: role,
  ForbiddenByFirewall: network,
  ForbiddenByConnection: network,
  KeyDisabled: {
    code: 'permission-denied',
    message: 'The Key Vault key is disabled.',
    hint: 'Enable this version of the key in its vault.',
  },
  KeyExpired: {
    code: 'permission-denied',
    message: 'The Key Vault key has expired; it opens what it has closed, but closes nothing new.',
    hint: 'Choose a newer version of the key, or another key.',
  },
  KeyNotYetValid: {
    code: 'permission-denied',
    message: 'The Key Vault key is not valid yet.',
    hint: 'Choose another version of the key, or change its activation date.',
  },
  KeyOperationForbidden: {
    code: 'permission-denied',
    message: 'The Key Vault key is not meant for wrapping keys.',
    hint: 'Permit "Wrap Key" and "Unwrap Key" among the permitted operations of this key.',
  },
  KeyNotFound: {
    code: 'not-found',
    message: 'There is no such Key Vault key.',
    hint: 'If it was deleted, recover it under the deleted keys of its vault; it can be recovered for some days.',
  },
};

/** A refusal as our error. `action` says what was tried; the key is named in the details. */
export function keyVaultError(action: string, key: KeyVaultKeyId, refusal: KeyVaultRefusal): AppError {
  const { status, code, inner, message, requestId } = refusal;
  const azureCode = inner === '' ? code : inner;
  const plain = azureError(action, { status, azureCode, message, requestId, inner: '' });
  const meaning = meanings[azureCode];
  if (meaning === undefined) return plain;
  const details = { ...plain.details, keyId: formatKeyVaultKeyId(key) };
  return new AppError(meaning.code, { message: meaning.message, hint: meaning.hint, details });
}
