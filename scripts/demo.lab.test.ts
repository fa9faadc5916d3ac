import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const demo = path.join(import.meta.dirname, 'demo.ts');

describe('npm run demo', () => {
  it('restores both points byte for byte, stores little the second time, and leaves nothing behind', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [demo, '--json']);
    const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(summary).toMatchObject({ ok: true, leftovers: [] });
    expect(summary.restores.length).toBeGreaterThan(1);
    for (const { sha256Matches } of summary.restores) expect(sha256Matches).toBe(true);
    expect(summary.full.storedBytes).toBeGreaterThan(0);
    expect(summary.incremental.storedBytes).toBeLessThan(0.05 * summary.full.storedBytes);
  });
});
