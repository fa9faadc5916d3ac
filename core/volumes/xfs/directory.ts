import { damaged, type Fields } from '../disk/index.ts';
import { kindOfEntry } from '../ext/index.ts';
import { type DirectoryEntry, fileNameFromBytes, isUsableName } from '../tree/index.ts';

/** Bytes of a directory that hold entries; what lies behind is its hash index. */
export const DIRECTORY_DATA_BYTES = 2 ** 35;

const DATA_MAGIC: Readonly<Record<string, { header: number; withLeaf: boolean }>> = {
  XD2B: { header: 16, withLeaf: true },
  XD2D: { header: 16, withLeaf: false },
  XDB3: { header: 64, withLeaf: true },
  XDD3: { header: 64, withLeaf: false },
};

/** Entries kept in the inode itself. */
export function entriesOfShortForm(fork: Fields, hasTypes: boolean): DirectoryEntry[] {
  const count = fork.u8(0) || fork.u8(1);
  const wide = fork.u8(1) > 0;
  const entries: DirectoryEntry[] = [];
  let at = 2 + (wide ? 8 : 4);
  for (let index = 0; index < count; index++) {
    const nameLength = fork.u8(at);
    const name = fork.slice(at + 3, nameLength);
    at += 3 + nameLength;
    const kind = hasTypes ? kindOfEntry(fork.u8(at)) : undefined;
    if (hasTypes) at++;
    const id = wide ? fork.u64(at) : fork.u32(at);
    at += wide ? 8 : 4;
    if (isUsableName(name)) entries.push({ name: fileNameFromBytes(name), id, kind });
  }
  return entries;
}

/** Entries of one directory block of the block, leaf or node form. */
export function entriesOfDataBlock(block: Fields, hasTypes: boolean): DirectoryEntry[] {
  const form = DATA_MAGIC[block.ascii(0, 4)];
  if (form === undefined) throw damaged('directory', 'a block is not where it should be');
  const end = form.withLeaf ? block.length - 8 - block.u32(block.length - 8) * 8 : block.length;
  if (end < form.header) throw damaged('directory', 'its index is larger than its block');
  const entries: DirectoryEntry[] = [];
  for (let at = form.header; at < end; ) {
    if (block.u16(at) === 0xffff) {
      at += unusedLength(block, at);
      continue;
    }
    const nameLength = block.u8(at + 8);
    const name = block.slice(at + 9, nameLength);
    const kind = hasTypes ? kindOfEntry(block.u8(at + 9 + nameLength)) : undefined;
    if (isUsableName(name)) entries.push({ name: fileNameFromBytes(name), id: block.u64(at), kind });
    at += Math.ceil((11 + nameLength + (hasTypes ? 1 : 0)) / 8) * 8;
  }
  return entries;
}

function unusedLength(block: Fields, at: number): number {
  const length = block.u16(at + 2);
  if (length < 8 || length % 8 !== 0) throw damaged('directory', 'an unused entry has an impossible length');
  return length;
}
