import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { isObject, type JsonObject } from '../front/index.ts';

/** The sign-in service's own signing key. */
export interface SigningKey {
  readonly keyId: string;
  /** PKCS#8, for the state file. */
  readonly privatePem: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Opens a kept key, or makes one. Its id follows from the key, so that it stays the same with it. */
export function openSigningKey(privatePem?: string): SigningKey {
  const pem =
    privatePem ??
    generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
  const privateKey = createPrivateKey(pem);
  const keyId = createHash('sha256').update(pem).digest('base64url').slice(0, 27);
  return { keyId, privatePem: pem, privateKey, publicKey: createPublicKey(privateKey) };
}

const encode = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function signJwt(claims: JsonObject, key: SigningKey): string {
  const body = `${encode({ typ: 'JWT', alg: 'RS256', kid: key.keyId, x5t: key.keyId })}.${encode(claims)}`;
  return `${body}.${sign('sha256', Buffer.from(body), key.privateKey).toString('base64url')}`;
}

export interface DecodedJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signedText: string;
  readonly signature: Buffer;
}

function decodePart(part: string | undefined): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Takes a compact JWT apart without believing it; undefined when it is not one. */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [head, body, signature, ...rest] = token.split('.');
  const header = decodePart(head);
  const claims = decodePart(body);
  if (!header || !claims || signature === undefined || rest.length > 0) return undefined;
  return { header, claims, signedText: `${head}.${body}`, signature: Buffer.from(signature, 'base64url') };
}

/** Verifies one of our own tokens; only RS256, whatever the header says. */
export function isSignedBy(token: DecodedJwt, key: SigningKey): boolean {
  return (
    token.header.alg === 'RS256' &&
    verify('sha256', Buffer.from(token.signedText), key.publicKey, token.signature)
  );
}
