import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeyAndCertificate, keyIdOf, makeCertificate } from './certificate.ts';

const authorityName = 'Cairn lab root';
const day = 86_400_000;

/** The lab's own certificate authority. */
export interface LabAuthority {
  /** What clients must trust. */
  readonly certificatePem: string;
  /** A server certificate for these DNS names and IPv4 addresses, valid for a year. */
  issue(hosts: readonly string[], now: Date): KeyAndCertificate;
}

function fromParts(parts: KeyAndCertificate): LabAuthority {
  const key = createPrivateKey(parts.keyPem);
  const issuer = { commonName: authorityName, key, keyId: keyIdOf(createPublicKey(parts.certificatePem)) };
  return {
    certificatePem: parts.certificatePem,
    issue: (hosts, now) =>
      makeCertificate(
        {
          commonName: hosts[0] ?? 'localhost',
          hosts,
          notBefore: new Date(now.getTime() - day),
          notAfter: new Date(now.getTime() + 365 * day),
          authority: false,
        },
        issuer,
      ),
  };
}

function makeParts(now: Date): KeyAndCertificate {
  return makeCertificate({
    commonName: authorityName,
    hosts: [],
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + 3650 * day),
    authority: true,
  });
}

/** A new authority that lives as long as this object. */
export function createLabAuthority(now: Date): LabAuthority {
  return fromParts(makeParts(now));
}

async function readParts(directory: string, now: Date): Promise<KeyAndCertificate | undefined> {
  try {
    const certificatePem = await readFile(join(directory, 'lab-ca.pem'), 'utf8');
    const keyPem = await readFile(join(directory, 'lab-ca.key'), 'utf8');
    const validTo = new Date(new X509Certificate(certificatePem).validTo).getTime();
    return validTo > now.getTime() + 30 * day ? { certificatePem, keyPem } : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes beside the target and renames, so that a crash leaves the old file or the new one. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** The authority kept in `directory` (`lab-ca.pem`, `lab-ca.key`), made at the first call or when it nears its end. */
export async function openLabAuthority(directory: string, now: Date): Promise<LabAuthority> {
  await mkdir(directory, { recursive: true });
  const kept = await readParts(directory, now);
  if (kept) return fromParts(kept);
  const parts = makeParts(now);
  await writeWhole(join(directory, 'lab-ca.key'), parts.keyPem);
  await writeWhole(join(directory, 'lab-ca.pem'), parts.certificatePem);
  return fromParts(parts);
}
