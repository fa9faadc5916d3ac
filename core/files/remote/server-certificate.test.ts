import { createHash, createPublicKey, randomBytes, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createServerCertificate } from './server-certificate.ts';

const random = (length: number) => randomBytes(length);

test('a certificate that OpenSSL reads, signed by its own key, of the fingerprint it names', () => {
  const now = Date.UTC(2026, 5, 1, 12);
  const made = createServerCertificate({ now, random });
  const read = new X509Certificate(made.certificatePem);
  expect(read.subject).toBe('CN=Cairn file recovery');
  expect(read.issuer).toBe(read.subject);
  expect(read.ca).toBe(false);
  expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(new Date(read.validFrom).toISOString()).toBe('2026-05-31T12:00:00.000Z');
  expect(new Date(read.validTo).toISOString()).toBe('2026-06-15T12:00:00.000Z');
  expect(read.checkPrivateKey(made.key)).toBe(true);
  expect(read.verify(createPublicKey(made.key))).toBe(true);
  expect(createHash('sha256').update(read.raw).digest('hex')).toBe(made.fingerprint);
  expect(read.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(made.fingerprint);
});

test('every certificate is another one, whatever bytes its serial number is made of', () => {
  const zeros = () => new Uint8Array(16);
  const ones = () => new Uint8Array(16).fill(255);
  const made = [zeros, ones, random].map((each) =>
    createServerCertificate({ now: Date.now(), random: each }),
  );
  expect(new Set(made.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  const serials = made.map(({ certificatePem }) => new X509Certificate(certificatePem).serialNumber);
  expect(serials.slice(0, 2)).toEqual([`40${'00'.repeat(15)}`, 'FF'.repeat(16)]);
});
