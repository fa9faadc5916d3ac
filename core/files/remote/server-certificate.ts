import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  derBits,
  derObjectId,
  derOctets,
  derPositive,
  derSequence,
  derSet,
  derTagged,
  derText,
  derTime,
  derTrue,
} from './der.ts';

/** A key that never leaves this process, and its self-signed certificate. */
export interface ServerCertificate {
  readonly key: KeyObject;
  readonly certificatePem: string;
  /** SHA-256 of the DER certificate, lower-case hex. */
  readonly fingerprint: string;
}

export interface CertificateOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly random: (length: number) => Uint8Array;
}

const hour = 3_600_000;
/** Clocks may differ; no session lasts longer than this. */
const validBefore = 24 * hour;
const validAfter = 14 * 24 * hour;

/**
 * A new ECDSA P-256 key and an X.509 v3 certificate for it (RFC 5280), for whoever knows its fingerprint: it names no
 * host, and nobody has signed it but itself.
 */
export function createServerCertificate({ now, random }: CertificateOptions): ServerCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = derSequence(derObjectId('1.2.840.10045.4.3.2'));
  const name = derSequence(derSet(derSequence(derObjectId('2.5.4.3'), derText('Cairn file recovery'))));
  const signedPart = derSequence(
    derTagged(0, derPositive(Buffer.from([2]))),
    derPositive(serialNumber(random)),
    ecdsaWithSha256,
    name,
    derSequence(derTime(now - validBefore), derTime(now + validAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    derTagged(3, derSequence(...extensions())),
  );
  const signature = sign('sha256', signedPart, { key: privateKey, dsaEncoding: 'der' });
  const certificate = derSequence(signedPart, ecdsaWithSha256, derBits(signature));
  return {
    key: privateKey,
    certificatePem: pem(certificate),
    fingerprint: createHash('sha256').update(certificate).digest('hex'),
  };
}

/** At most 20 bytes and positive; its first byte is not zero. */
function serialNumber(random: CertificateOptions['random']): Uint8Array {
  const bytes = Uint8Array.from(random(16));
  bytes[0] = (bytes[0] ?? 0) | 0x40;
  return bytes;
}

/** Not an authority; for signatures of a TLS server only. */
function extensions(): Buffer[] {
  const critical = (id: string, value: Buffer) => derSequence(derObjectId(id), derTrue(), derOctets(value));
  const basicConstraints = critical('2.5.29.19', derSequence());
  const digitalSignature = critical('2.5.29.15', derBits(Buffer.from([0x80]), 7));
  const serverAuthentication = derSequence(
    derObjectId('2.5.29.37'),
    derOctets(derSequence(derObjectId('1.3.6.1.5.5.7.3.1'))),
  );
  return [basicConstraints, digitalSignature, serverAuthentication];
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
