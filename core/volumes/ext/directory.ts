import { damaged, type Fields } from '../disk/index.ts';
import { type DirectoryEntry, fileNameFromBytes, isUsableName } from '../tree/index.ts';
import { kindOfEntry } from './inode.ts';

/**
 * The live entries of one directory block (or inline region). Blocks of a hash tree's index and checksum
 * tails look like unused entries, so reading all blocks in order reads any directory.
 */
export function entriesOfBlock(block: Fields, hasTypes: boolean): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (let at = 0; at + 8 <= block.length; ) {
    const length = recordLength(block, at);
    const inode = block.u32(at);
    const nameLength = hasTypes ? block.u8(at + 6) : block.u16(at + 6);
    if (inode !== 0) {
      if (nameLength + 8 > length) throw damaged('directory', 'a name is longer than its entry');
      const bytes = block.slice(at + 8, nameLength);
      if (isUsableName(bytes)) {
        const kind = hasTypes ? kindOfEntry(block.u8(at + 7)) : undefined;
        entries.push({ name: fileNameFromBytes(bytes), id: inode, kind });
      }
    }
    at += length;
  }
  return entries;
}

/** With blocks of 64 KiB a length that does not fit in 16 bits is written as 0 or 65535. */
function recordLength(block: Fields, at: number): number {
  const raw = block.u16(at + 4);
  const length = block.length >= 65536 && (raw === 0 || raw === 65535) ? 65536 - at : raw;
  if (length < 8 || length % 4 !== 0 || at + length > block.length)
    throw damaged('directory', 'an entry has an impossible length');
  return length;
}
