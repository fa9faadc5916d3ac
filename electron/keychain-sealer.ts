import type { SafeStorage } from 'electron';
import { z } from 'zod';
import { AppError } from '../core/contract/index.ts';
import type { Sealer } from '../server/index.ts';

export type Keychain = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

const sealedSchema = z.object({ key: z.string(), secret: z.string() });

/**
 * Secrets sealed by the desktop's keychain (Keychain, DPAPI, Secret Service). Refuses to store anything on a Linux
 * desktop without a keyring, where Electron would only obscure it with a fixed password.
 */
export function createKeychainSealer(keychain: Keychain, platform: NodeJS.Platform): Sealer {
  return {
    async seal(key, secret) {
      await refuseWithoutKeychain(keychain, platform);
      const sealed = await keychain.encryptStringAsync(JSON.stringify({ key, secret }));
      return sealed.toString('base64');
    },
    async unseal(key, sealed) {
      await refuseWithoutKeychain(keychain, platform);
      try {
        const { result } = await keychain.decryptStringAsync(Buffer.from(sealed, 'base64'));
        const opened = sealedSchema.parse(JSON.parse(result));
        if (opened.key === key) return opened.secret;
      } catch (cause) {
        throw unreadable(cause);
      }
      throw unreadable(undefined);
    },
  };
}

async function refuseWithoutKeychain(keychain: Keychain, platform: NodeJS.Platform): Promise<void> {
  const obscuredOnly = platform === 'linux' && keychain.getSelectedStorageBackend() === 'basic_text';
  if (!obscuredOnly && (await keychain.isAsyncEncryptionAvailable())) return;
  throw new AppError('not-supported', {
    message: 'This desktop has no keychain in which Cairn could keep secrets.',
    hint: 'Install and unlock a keyring (GNOME Keyring or KWallet), then start Cairn again.',
  });
}

function unreadable(cause: unknown): AppError {
  return new AppError('damaged', {
    message: 'A stored secret cannot be opened with the keychain of this desktop.',
    hint: 'Sign in again, and add the repository again.',
    cause,
  });
}
