import { bytesOfText } from '../../volumes/index.ts';
import { percentBytes } from '../names/percent-escape.ts';

/** `a\..\b` or `\b` would climb, and `c:b` change the drive, where a backslash and a colon mean that. */
const CLIMBS = /(^|\\)\.\.(\\|$)|^\\/;
const DRIVE = /^[A-Za-z]:/;

/**
 * The name of an entry inside an archive, from its parts in the contract's form: relative, no `..`, nothing that one
 * platform's tools would take for another folder or a drive. All other names keep their exact bytes.
 */
export function archiveName(relativePath: string): Uint8Array {
  const parts = relativePath.split('/').filter((part) => part !== '');
  return new Uint8Array(Buffer.from(parts.map(safePart).join('/'), 'latin1'));
}

/** Bytes as Latin-1 text, so that the rules can be written as patterns. */
function safePart(part: string, index: number): string {
  const bytes = Buffer.from(bytesOfText(part)).toString('latin1').replaceAll(/[/\0]/g, percentBytes);
  const inside = CLIMBS.test(bytes) ? bytes.replaceAll('\\', '%5C') : bytes;
  if (inside === '.' || inside === '..') return percentBytes(inside);
  return index === 0 && DRIVE.test(inside) ? inside.replace(':', '%3A') : inside;
}
