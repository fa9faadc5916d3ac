import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import * as der from './der.ts';

export interface CertificateRequest {
  readonly commonName: string;
  /** DNS names and IPv4 addresses; empty for an authority. */
  readonly hosts: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly authority: boolean;
}

export interface KeyAndCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Who signs: the authority's name and key; a certificate without an issuer signs itself. */
export interface Issuer {
  readonly commonName: string;
  readonly key: KeyObject;
  readonly keyId: Buffer;
}

const oid = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};

function name(commonName: string): Buffer {
  return der.sequence(
    der.set(der.sequence(der.objectIdentifier(oid.commonName), der.utf8String(commonName))),
  );
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der.boolean(true)] : [];
  return der.sequence(der.objectIdentifier(id), ...flag, der.octetString(value));
}

function alternativeName(host: string): Buffer {
  if (isIP(host) === 4) return der.context(7, false, Buffer.from(host.split('.').map(Number)));
  return der.context(2, false, Buffer.from(host, 'ascii'));
}

/** The identifier RFC 5280 suggests: SHA-1 over the public key's bits. Not a security property. */
export function keyIdOf(publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha1')
    .update(spki.subarray(spki.length - 65))
    .digest();
}

function extensions(request: CertificateRequest, subjectKeyId: Buffer, issuerKeyId: Buffer): Buffer {
  // keyUsage bits: authority = keyCertSign + cRLSign, server = digitalSignature.
  const usage = request.authority
    ? der.bitString(Buffer.from([0x06]), 1)
    : der.bitString(Buffer.from([0x80]), 7);
  const items = [
    extension(oid.basicConstraints, true, der.sequence(...(request.authority ? [der.boolean(true)] : []))),
    extension(oid.keyUsage, true, usage),
    extension(oid.subjectKeyId, false, der.octetString(subjectKeyId)),
    extension(oid.authorityKeyId, false, der.sequence(der.context(0, false, issuerKeyId))),
  ];
  if (!request.authority) {
    const purposes = [oid.serverAuth, oid.clientAuth].map(der.objectIdentifier);
    items.push(extension(oid.extendedKeyUsage, false, der.sequence(...purposes)));
  }
  if (request.hosts.length > 0) {
    items.push(extension(oid.subjectAltName, false, der.sequence(...request.hosts.map(alternativeName))));
  }
  return der.context(3, true, der.sequence(...items));
}

/** Makes a P-256 key and its X.509 v3 certificate, signed by `issuer` or by itself. */
export function makeCertificate(request: CertificateRequest, issuer?: Issuer): KeyAndCertificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subjectKeyId = keyIdOf(pair.publicKey);
  const algorithm = der.sequence(der.objectIdentifier(oid.ecdsaWithSha256));
  const body = der.sequence(
    der.context(0, true, der.integer(Buffer.from([2]))),
    der.integer(randomBytes(16)),
    algorithm,
    name(issuer?.commonName ?? request.commonName),
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    name(request.commonName),
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    extensions(request, subjectKeyId, issuer?.keyId ?? subjectKeyId),
  );
  const signature = sign('sha256', body, { key: issuer?.key ?? pair.privateKey, dsaEncoding: 'der' });
  const certificate = der.sequence(body, algorithm, der.bitString(signature));
  const base64 = certificate.toString('base64').replace(/.{1,64}/g, '$&\n');
  return {
    certificatePem: `-----BEGIN CERTIFICATE-----\n${base64}-----END CERTIFICATE-----\n`,
    keyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
