import type { ArchiveFormat } from '../../contract/index.ts';
import { bytesOfText } from '../../volumes/index.ts';
import { nameCharacters } from '../names/name-characters.ts';
import { percentBytes } from '../names/percent-escape.ts';

/** `a\..\b` or `\b` would climb, and `c:b` change the drive, where a backslash and a colon mean that. */
const CLIMBS = /(^|\\)\.\.(\\|$)|^\\/;
const DRIVE = /^[A-Za-z]:/;

/**
 * The name of an entry inside an archive, from its parts in the contract's form: relative, no `..`, nothing that one
 * platform's tools would take for another folder or a drive. A tar keeps all other bytes as they are; a zip says that
 * its names are text, so bytes that are none, and control characters, become `%XX` there.
 */
export function archiveName(relativePath: string, format: ArchiveFormat): Uint8Array {
  const parts = relativePath.split('/').filter((part) => part !== '');
  const plain = format === 'zip' ? zipPart : tarPart;
  return new Uint8Array(
    Buffer.from(parts.map((part, index) => safePart(plain(part), index)).join('/'), 'latin1'),
  );
}

/** Bytes as Latin-1 text, so that the rules can be written as patterns. */
function tarPart(part: string): string {
  return Buffer.from(bytesOfText(part)).toString('latin1');
}

function zipPart(part: string): string {
  const text = nameCharacters(part).map((character) =>
    typeof character === 'number'
      ? percentBytes(Uint8Array.of(character))
      : character.replace(/\p{Cc}/u, percentBytes),
  );
  return Buffer.from(text.join('')).toString('latin1');
}

function safePart(part: string, index: number): string {
  const bytes = part.replaceAll(/[/\0]/g, percentBytes);
  const inside = CLIMBS.test(bytes) ? bytes.replaceAll('\\', '%5C') : bytes;
  if (inside === '.' || inside === '..') return percentBytes(inside);
  return index === 0 && DRIVE.test(inside) ? inside.replace(':', '%3A') : inside;
}
