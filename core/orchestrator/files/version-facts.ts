import { createHash } from 'node:crypto';
import { type FilePlace, type FileVersion, toAppError } from '../../contract/index.ts';
import type { FileService } from '../../files/index.ts';

/** What one restore point knows of a file. */
export type VersionFacts = Pick<FileVersion, 'presence' | 'sizeBytes' | 'modified' | 'problem'> & {
  readonly isFile: boolean;
};

/** Larger files are not read only to tell whether they have changed. */
const hashedBytes = 64 * 1024 * 1024;

export async function versionFacts(
  service: FileService,
  place: FilePlace,
  signal: AbortSignal,
): Promise<VersionFacts> {
  try {
    const { kind, sizeBytes, modified, problem } = await service.details(place, signal);
    const presence = problem === null ? 'present' : 'unreadable';
    return { presence, sizeBytes, modified, problem, isFile: kind === 'file' };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toAppError(thrown);
    if (error.code === 'not-found') return absent;
    return unreadable(error.message);
  }
}

const absent: VersionFacts = {
  presence: 'absent',
  sizeBytes: null,
  modified: null,
  problem: null,
  isFile: false,
};

export function unreadable(problem: string): VersionFacts {
  return { ...absent, presence: 'unreadable', problem };
}

/** Whether the newer differs from the older as far as size and time tell; null when only the content can tell. */
export function changeByFacts(older: VersionFacts, newer: VersionFacts): FileVersion['change'] | null {
  if (older.presence === 'unreadable' || newer.presence === 'unreadable') return 'unknown';
  if (older.presence !== newer.presence) return newer.presence === 'present' ? 'appeared' : 'gone';
  if (newer.presence === 'absent') return 'same';
  if (older.isFile !== newer.isFile || (newer.isFile && older.sizeBytes !== newer.sizeBytes))
    return 'changed';
  if (older.modified === newer.modified && newer.modified !== null) return 'same';
  if (!newer.isFile) return 'changed';
  return (newer.sizeBytes ?? 0) > hashedBytes ? 'unknown' : null;
}

/** SHA-256 of a file's content, lower-case hex. */
export async function contentHash(
  service: FileService,
  place: FilePlace,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of service.read({ ...place, offset: 0, stream: '' }, signal)) hash.update(piece);
  return hash.digest('hex');
}
