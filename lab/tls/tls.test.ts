import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLabAuthority, openLabAuthority } from './index.ts';

const now = new Date();

function fetchText(url: string, ca?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ca }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
  });
}

describe('lab authority', () => {
  it('issues certificates that a client trusts by name and by address, and only with the root', async () => {
    const authority = createLabAuthority(now);
    const { certificatePem, keyPem } = authority.issue(['localhost', '127.0.0.1'], now);
    const server = createServer({ cert: certificatePem, key: keyPem }, (_request, response) => {
      response.end('hello');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      for (const host of ['localhost', '127.0.0.1']) {
        expect(await fetchText(`https://${host}:${port}/`, authority.certificatePem)).toBe('hello');
      }
      await expect(fetchText(`https://localhost:${port}/`)).rejects.toThrow(/certificate/);
      const other = createLabAuthority(now);
      await expect(fetchText(`https://localhost:${port}/`, other.certificatePem)).rejects.toThrow();
    } finally {
      server.close();
    }
  });

  it('marks the root as an authority and leaves as not', () => {
    const authority = createLabAuthority(now);
    const root = new X509Certificate(authority.certificatePem);
    const leaf = new X509Certificate(authority.issue(['localhost'], now).certificatePem);
    expect(root.ca).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.checkHost('example.com')).toBeUndefined();
  });

  it('keeps one authority per directory', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cairn-lab-ca-'));
    try {
      const first = await openLabAuthority(directory, now);
      const second = await openLabAuthority(directory, now);
      expect(second.certificatePem).toBe(first.certificatePem);
      const leaf = new X509Certificate(second.issue(['localhost'], now).certificatePem);
      expect(leaf.verify(new X509Certificate(first.certificatePem).publicKey)).toBe(true);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
