import type { KeyBook } from './key-book.ts';
import { decryptWith, encryptWith, type KeyOperation, type KeyVersion } from './key-version.ts';
import { forbidden } from './vault-error.ts';

/** An operation as the last part of its path names it. */
export interface CryptoOperation {
  readonly operation: KeyOperation;
  /** Last part of the data action in Azure's roles. */
  readonly action: string;
  /** Whether the validity period of a key counts: opening old things works before and after it. */
  readonly dated: boolean;
  run(version: KeyVersion, algorithm: string, value: Buffer): Buffer;
}

export const cryptoOperations: Readonly<Record<string, CryptoOperation>> = {
  wrapkey: { operation: 'wrapKey', action: 'wrap/action', dated: true, run: encryptWith },
  unwrapkey: { operation: 'unwrapKey', action: 'unwrap/action', dated: false, run: decryptWith },
  encrypt: { operation: 'encrypt', action: 'encrypt/action', dated: true, run: encryptWith },
  decrypt: { operation: 'decrypt', action: 'decrypt/action', dated: false, run: decryptWith },
};

/** The version to work with. Throws Key Vault's 403 for one that is disabled, out of date or not meant for this. */
export function usableVersion(
  book: KeyBook,
  wanted: { readonly name: string; readonly id: string | undefined; readonly now: number },
  { operation, dated }: CryptoOperation,
): KeyVersion {
  const version = book.version(wanted.name, wanted.id);
  const seconds = wanted.now / 1000;
  if (!version.enabled)
    throw forbidden('KeyDisabled', `Operation ${operation} is not allowed on a disabled key.`);
  if (dated && version.expires !== undefined && version.expires <= seconds)
    throw forbidden('KeyExpired', `Operation ${operation} is not allowed on an expired key.`);
  if (dated && version.notBefore !== undefined && version.notBefore > seconds)
    throw forbidden(
      'KeyNotYetValid',
      `Operation ${operation} is not allowed on a key that is not yet valid.`,
    );
  if (!version.operations.includes(operation))
    throw forbidden('KeyOperationForbidden', `Operation ${operation} is not permitted on this key.`);
  return version;
}
