import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto';
import { AppError } from '../contract/index.ts';
import { createKeyPair, type KeyPair, type RandomBytes, sharedSecret } from './key-pair.ts';

const tagBytes = 16;

/** Everything of a sealed message but its place in the envelope. */
export interface SealedBox {
  /** One-time public key of the sender. */
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  /** AES-256-GCM: ciphertext and tag. */
  readonly data: Uint8Array;
}

export interface BoxContext {
  /** Public key of the receiver. */
  readonly receiver: Uint8Array;
  /** One-time token that both sides know; only its owners can make or open a box. */
  readonly token: Uint8Array;
  /** Bound to the box: session, worker, sequence number. */
  readonly context: string;
}

/**
 * Seals to the receiver's key: X25519 with a fresh key pair, HKDF-SHA-256 salted with the token, AES-256-GCM with the
 * context as associated data.
 */
export function sealBox(plain: Uint8Array, box: BoxContext, random: RandomBytes): SealedBox {
  const own = createKeyPair(random);
  const nonce = random(12);
  const key = boxKey(sharedSecret(own.privateKey, box.receiver), own.publicKey, box);
  return { key: own.publicKey, nonce, data: encrypt(plain, key, nonce, box.context) };
}

/** Throws `damaged` for anything that was not sealed for exactly this receiver, token and context. */
export function openBox(sealed: SealedBox, pair: KeyPair, box: Omit<BoxContext, 'receiver'>): Uint8Array {
  const context = { ...box, receiver: pair.publicKey };
  const key = boxKey(sharedSecret(pair.privateKey, sealed.key), sealed.key, context);
  return decrypt(sealed.data, key, sealed.nonce, box.context);
}

function boxKey(shared: Uint8Array, sender: Uint8Array, box: BoxContext): Uint8Array {
  const info = Buffer.concat([Buffer.from('cairn worker box v1'), sender, box.receiver]);
  return new Uint8Array(hkdfSync('sha256', shared, box.token, info, 32));
}

/** AES-256-GCM; the tag follows the ciphertext. A key and nonce pair is used once. */
export function encrypt(plain: Uint8Array, key: Uint8Array, nonce: Uint8Array, context: string): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

export function decrypt(data: Uint8Array, key: Uint8Array, nonce: Uint8Array, context: string): Uint8Array {
  try {
    if (data.length < tagBytes || nonce.length !== 12) throw new Error('too short');
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(data.subarray(data.length - tagBytes));
    return Buffer.concat([decipher.update(data.subarray(0, data.length - tagBytes)), decipher.final()]);
  } catch (cause) {
    throw new AppError('damaged', { message: 'A sealed message does not open with this key.', cause });
  }
}

/** HMAC-SHA-256 with a key derived from the token for one direction. */
export function sign(text: string, token: Uint8Array, context: string): Uint8Array {
  const key = new Uint8Array(hkdfSync('sha256', token, 'cairn worker', 'cairn worker signature v1', 32));
  return createHmac('sha256', key).update(context).update('\n').update(text).digest();
}

export function isSignature(mac: Uint8Array, text: string, token: Uint8Array, context: string): boolean {
  const expected = sign(text, token, context);
  return mac.length === expected.length && timingSafeEqual(mac, expected);
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
