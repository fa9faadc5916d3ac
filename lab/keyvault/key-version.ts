import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { JsonObject } from '../front/index.ts';
import { badParameter } from './vault-error.ts';

export const keyOperations = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'] as const;
export type KeyOperation = (typeof keyOperations)[number];

/** One version of a key as it is kept; times are whole seconds since the epoch, as on the wire. */
export interface KeyVersion {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly privatePem: string;
  readonly bits: number;
  readonly operations: readonly KeyOperation[];
  readonly enabled: boolean;
  readonly notBefore?: number;
  readonly expires?: number;
  readonly created: number;
  readonly updated: number;
  readonly tags: Readonly<Record<string, string>>;
}

const generate = promisify(generateKeyPair);

export async function newPrivatePem(bits: number): Promise<string> {
  const { privateKey } = await generate('rsa', { modulusLength: bits });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public half as a JSON web key; a vault never gives out the private one. */
export function publicJwk(version: KeyVersion, kid: string): JsonObject {
  const { n, e } = createPublicKey(privateKeyOf(version)).export({ format: 'jwk' });
  return { kid, kty: 'RSA', key_ops: version.operations, n: n ?? '', e: e ?? '' };
}

const privateKeyOf = (version: KeyVersion): KeyObject => createPrivateKey(version.privatePem);

/** RSA1_5 is left out: Microsoft advises against it, and a lab that takes it would hide the mistake. */
function paddingOf(algorithm: string): { readonly padding: number; readonly oaepHash: string } {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  if (algorithm === 'RSA-OAEP') return { padding, oaepHash: 'sha1' };
  if (algorithm === 'RSA-OAEP-256') return { padding, oaepHash: 'sha256' };
  throw badParameter(`Property 'alg' has invalid value '${algorithm.slice(0, 40)}'.`);
}

export function encryptWith(version: KeyVersion, algorithm: string, value: Buffer): Buffer {
  const options = { key: createPublicKey(privateKeyOf(version)), ...paddingOf(algorithm) };
  return rsa(() => publicEncrypt(options, value));
}

export function decryptWith(version: KeyVersion, algorithm: string, value: Buffer): Buffer {
  const options = { key: privateKeyOf(version), ...paddingOf(algorithm) };
  return rsa(() => privateDecrypt(options, value));
}

/** Key Vault says no more than this of bytes that are too long or not of this key. */
function rsa(work: () => Buffer): Buffer {
  try {
    return work();
  } catch {
    throw badParameter('The parameter is incorrect.\r\n');
  }
}
