import type { FileEntry, FileKind } from '../../../core/contract/index.ts';
import { formatTime, printable } from '../format.ts';

const LETTERS: Readonly<Record<FileKind, string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  'character-device': 'c',
  'block-device': 'b',
  other: '?',
};

/** One line as `ls -l` would print it, as far as the file system keeps it. `name`: instead of the entry's own. */
export function entryLine(entry: FileEntry, name = entry.name): string {
  const { kind, mode, sizeBytes, modified, linkTarget, problem } = entry;
  const target = linkTarget === null ? '' : ` -> ${linkTarget}`;
  const note = problem === null ? '' : `  (${problem})`;
  const size = kind === 'directory' ? '-' : String(sizeBytes);
  const columns = [LETTERS[kind] + permissions(mode), size.padStart(14), formatTime(modified).padEnd(20)];
  return `${columns.join('  ')}  ${printable(`${name}${target}${note}`)}\n`;
}

function permissions(mode: number | null): string {
  if (mode === null) return '         ';
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  const special = [0o4000, 0o2000, 0o1000].map((bit) => (mode & bit) !== 0);
  for (const [index, letters] of ['sS', 'sS', 'tT'].entries()) {
    const at = index * 3 + 2;
    if (special[index]) bits[at] = bits[at] === 'x' ? (letters[0] ?? '') : (letters[1] ?? '');
  }
  return bits.join('');
}
