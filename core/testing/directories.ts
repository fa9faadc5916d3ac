import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new directory below the system's temporary one; `remove` deletes it with its contents. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'cairn-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
