import { damaged, Fields } from '../disk/index.ts';
import { type DirectoryEntry, fileNameFromUtf16, isUsableName } from '../tree/index.ts';
import { recordOf, withFixups } from './record.ts';

/** Names that exist only for programs of the DOS age; the same file has a long one. */
const DOS_NAMES = 2;
const DIRECTORY_FLAG = 0x1000_0000;
const REPARSE_FLAG = 0x400;

/** Entries of the part of a directory's index that is in its record. */
export function entriesOfRoot(root: Fields): DirectoryEntry[] {
  return entriesAt(root, 16);
}

/** Bytes of the blocks that the rest of the index is kept in. */
export function indexBlockSize(root: Fields): number {
  const size = root.u32(8);
  if (size < 512 || size > 65536 || size % 512 !== 0)
    throw damaged('directory index', 'its blocks have an impossible size');
  return size;
}

export function entriesOfIndexBlock(bytes: Uint8Array): DirectoryEntry[] {
  return entriesAt(withFixups(bytes, 'INDX'), 24);
}

function entriesAt(fields: Fields, header: number): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  const end = Math.min(fields.length, header + fields.u32(header + 4));
  for (let at = header + fields.u32(header); at + 16 <= end; ) {
    const length = fields.u16(at + 8);
    const last = (fields.u16(at + 12) & 2) !== 0;
    if (last) break;
    if (length < 16 || length % 8 !== 0)
      throw damaged('directory index', 'an entry has an impossible length');
    const entry = parseEntry(new Fields(fields.slice(at, length), 'directory index'));
    if (entry !== undefined) entries.push(entry);
    at += length;
  }
  return entries;
}

function parseEntry(fields: Fields): DirectoryEntry | undefined {
  const nameLength = fields.u8(16 + 64);
  if (fields.u8(16 + 65) === DOS_NAMES) return undefined;
  const name = fileNameFromUtf16(Buffer.from(fields.slice(16 + 66, nameLength * 2)).toString('utf16le'));
  if (!isUsableName(name.bytes)) return undefined;
  const flags = fields.u32(16 + 56);
  const isDirectory = flags & DIRECTORY_FLAG && !(flags & REPARSE_FLAG);
  return { name, id: recordOf(fields, 0), kind: isDirectory ? 'directory' : undefined };
}
