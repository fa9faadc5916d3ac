import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { AppError } from '../contract/index.ts';

/** Strong random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** An X25519 key pair (RFC 7748); the public part is its raw 32 bytes. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
}

/** RFC 8410: what stands before the raw key in PKCS #8 and SubjectPublicKeyInfo. */
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');

export function createKeyPair(random: RandomBytes): KeyPair {
  const privateKey = createPrivateKey({
    key: Buffer.concat([privatePrefix, random(32)]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { publicKey: new Uint8Array(spki.subarray(publicPrefix.length)), privateKey };
}

/** The secret shared with the owner of `publicKey`; refuses keys that are no points or give no secret. */
export function sharedSecret(privateKey: KeyObject, publicKey: Uint8Array): Buffer {
  try {
    const key = createPublicKey({
      key: Buffer.concat([publicPrefix, publicKey]),
      format: 'der',
      type: 'spki',
    });
    return diffieHellman({ privateKey, publicKey: key });
  } catch (cause) {
    throw new AppError('invalid-input', {
      message: 'The public key of the other side is not usable.',
      cause,
    });
  }
}
