import type { WalkedFile } from '../../contract/index.ts';
import { type ArchiveEntry, bytesOfText, fileTimeNanoseconds } from '../../files/index.ts';

/**
 * The bytes of a path in a Linux guest from its safe text. Undefined when a part could not be one name there: a damaged
 * or hostile file system may hold names with slashes, which would lead somewhere else.
 */
export function guestPathBytes(path: string): Uint8Array | undefined {
  const parts = path.split('/').map((part) => Buffer.from(bytesOfText(part)));
  const sound = parts.every(
    (part) => !part.includes(0x2f) && !part.includes(0) && !['.', '..'].includes(part.toString('latin1')),
  );
  const joined = parts.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from('/'), part]));
  return sound ? new Uint8Array(Buffer.concat(joined)) : undefined;
}

/** An entry of the archive that goes into a guest, under its full path without the first slash. */
export function guestEntry(
  file: Pick<WalkedFile, 'kind' | 'sizeBytes' | 'mode' | 'owner' | 'modified' | 'linkTarget'>,
  name: Uint8Array,
): ArchiveEntry {
  return {
    name,
    kind: file.kind,
    size: file.sizeBytes,
    mode: file.mode ?? (file.kind === 'directory' ? 0o755 : 0o644),
    owner: file.owner,
    modified: file.modified === null ? undefined : fileTimeNanoseconds(file.modified),
    linkTarget: file.linkTarget === null ? undefined : bytesOfText(file.linkTarget),
    sameAs: undefined,
    device: null,
  };
}
