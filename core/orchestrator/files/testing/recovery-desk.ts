import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileRecovery, RestorePoint } from '../../../contract/index.ts';
import type { LabConsole } from '../../../testing/index.ts';

/** A file's place in the tree of a test, and its bytes; null makes a folder, a text beginning with `->` a link. */
export type TestTree = Readonly<Record<string, Uint8Array | string | null>>;

/** Writes an ext4 file system of so many MiB that holds exactly this tree; no partition table. */
export function makeExtImage(file: string, tree: TestTree, mebibytes: number): void {
  const folder = `${file}.tree`;
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(tree)) putFile(join(folder, path), content);
  writeFileSync(file, '');
  truncateSync(file, mebibytes * 1024 * 1024);
  execFileSync('mke2fs', ['-q', '-t', 'ext4', '-L', 'data', '-d', folder, file], { stdio: 'pipe' });
  rmSync(folder, { recursive: true });
}

function putFile(place: string, content: Uint8Array | string | null): void {
  mkdirSync(content === null ? place : dirname(place), { recursive: true });
  if (content === null) return;
  if (typeof content === 'string' && content.startsWith('->')) symlinkSync(content.slice(2), place);
  else writeFileSync(place, content);
}

/** Waits until a file recovery session is open; throws why it failed. */
export async function opened(desk: LabConsole, sessionId: string): Promise<FileRecovery> {
  for (;;) {
    const recovery = await desk.core.call('files.get', { sessionId });
    if (recovery.state === 'open') return recovery;
    if (recovery.state !== 'opening') throw new Error(`${recovery.state}: ${JSON.stringify(recovery.error)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function openPoint(
  desk: LabConsole,
  point: RestorePoint,
  idleMinutes = 30,
): Promise<FileRecovery> {
  const { sessionId } = await desk.core.call('files.open', { pointId: point.id, idleMinutes });
  return opened(desk, sessionId);
}
