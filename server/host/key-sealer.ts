import { createCipheriv, createDecipheriv } from 'node:crypto';
import path from 'node:path';
import { AppError } from '../../core/contract/index.ts';
import type { RandomBytes } from '../../core/host.ts';
import { readIfPresent, writePrivateFile } from './private-file.ts';
import type { Sealer } from './sealed-secret-store.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

export interface SecretKeyPlace {
  readonly dataDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The key that seals a server's secrets: 32 bytes in base64, from the file that CAIRN_SECRET_KEY_FILE names, from the
 * systemd credential `cairn-secret-key`, or from `secret.key` in the data directory, which is made at the first start
 * and readable by this user only.
 */
export async function loadSecretKey(place: SecretKeyPlace, random: RandomBytes): Promise<Uint8Array> {
  const { CAIRN_SECRET_KEY_FILE: given, CREDENTIALS_DIRECTORY: credentials } = place.environment;
  if (given !== undefined && given !== '') return readKey(given);
  const credential = credentials === undefined ? null : path.join(credentials, 'cairn-secret-key');
  if (credential !== null && (await readIfPresent(credential)) !== null) return readKey(credential);
  const own = path.join(place.dataDirectory, 'secret.key');
  if ((await readIfPresent(own)) === null)
    await writePrivateFile(own, `${Buffer.from(random(keyBytes)).toString('base64')}\n`);
  return readKey(own);
}

async function readKey(file: string): Promise<Uint8Array> {
  const key = Buffer.from((await readIfPresent(file)) ?? '', 'base64');
  if (key.length === keyBytes) return key;
  throw new AppError('invalid-input', {
    message: `${file} does not hold a secret key.`,
    hint: 'It must hold 32 random bytes in base64, for example from `openssl rand -base64 32`.',
    details: { field: 'CAIRN_SECRET_KEY_FILE' },
  });
}

/** AES-256-GCM under the host's key; the entry's key is authenticated, so entries cannot be swapped. */
export function createKeySealer(key: Uint8Array, random: RandomBytes): Sealer {
  return {
    async seal(name, secret) {
      const nonce = random(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64');
    },
    async unseal(name, sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
          .setAAD(Buffer.from(name))
          .setAuthTag(bytes.subarray(bytes.length - tagBytes));
        const body = bytes.subarray(nonceBytes, bytes.length - tagBytes);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new AppError('damaged', {
          message: 'A stored secret cannot be opened with the secret key of this computer.',
          hint: 'Put the right secret key back, or sign in again and add the repository again.',
          cause,
        });
      }
    },
  };
}
