import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

/** AES-256-GCM with a 12-byte nonce and a 16-byte tag behind the ciphertext. */
export const tagLength = 16;
export const nonceLength = 12;

export interface SealContext {
  readonly key: Uint8Array | KeyObject;
  readonly nonce: Uint8Array;
  /** Authenticated, not stored. */
  readonly associated: Uint8Array;
}

/** The sealed bytes in up to three parts: ciphertext, what is left of it, tag. */
export function seal(plain: Uint8Array, context: SealContext): Buffer[] {
  const cipher = createCipheriv('aes-256-gcm', context.key, context.nonce);
  cipher.setAAD(context.associated);
  const body = cipher.update(plain);
  return [body, cipher.final(), cipher.getAuthTag()];
}

/** The plain bytes, or undefined when anything about them was changed. */
export function unseal(sealed: Uint8Array, context: SealContext): Buffer | undefined {
  if (sealed.length < tagLength) return undefined;
  const end = sealed.length - tagLength;
  const decipher = createDecipheriv('aes-256-gcm', context.key, context.nonce, { authTagLength: tagLength });
  decipher.setAAD(context.associated);
  decipher.setAuthTag(sealed.subarray(end));
  const plain = decipher.update(sealed.subarray(0, end));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}
