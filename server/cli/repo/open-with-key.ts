import { AppError, toAppError } from '../../../core/contract/index.ts';
import {
  type BlobStore,
  inspectKeySlots,
  type OpenRepositoryOptions,
  openRepository,
  type Repository,
} from '../../../core/engine/index.ts';
import type { NeededLogin } from './repo-login.ts';

export interface KeyOpening {
  /** With a version: this one; without: any version of this key; undefined: any key of the repository. */
  readonly wanted: string | undefined;
  readonly needLogin: NeededLogin;
  readonly options: Omit<OpenRepositoryOptions, 'unlock'> & { readonly signal: AbortSignal };
}

/** Ids of the Key Vault keys that open the repository and that are wanted. */
export async function keysOf(
  store: BlobStore,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const slots = await inspectKeySlots(store, signal);
  return slots.flatMap(({ keyId }) => (keyId !== undefined && isWanted(keyId, wanted) ? [keyId] : []));
}

function isWanted(keyId: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const [key, plain] = [keyId.toLowerCase(), wanted.toLowerCase().replace(/\/$/, '')];
  return key === plain || key.startsWith(`${plain}/`);
}

/** Opens with the first key that may be used. When none may, the reason why the first one may not is the answer. */
export async function openWithKey(store: BlobStore, opening: KeyOpening): Promise<Repository> {
  const { wanted, needLogin, options } = opening;
  const login = await needLogin('Opening with a Key Vault key');
  let failure: AppError | undefined;
  for (const keyId of await keysOf(store, wanted, options.signal)) {
    try {
      const keyWrap = await login.openKey(keyId, options.signal);
      return await openRepository(store, { ...options, unlock: { kind: 'key-wrap', keyWrap } });
    } catch (thrown) {
      options.signal.throwIfAborted();
      failure ??= toAppError(thrown);
    }
  }
  throw failure ?? noSuchSlot(wanted);
}

function noSuchSlot(wanted: string | undefined): AppError {
  return new AppError('wrong-password', {
    message: 'No key slot of the repository was made with this key.',
    hint: 'Open it with a password, or with the key that it was created with.',
    details: wanted === undefined ? {} : { keyId: wanted },
  });
}
