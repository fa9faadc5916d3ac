import { Fields } from '../disk/index.ts';
import type { ExtInode } from './inode.ts';

const XATTR_MAGIC = 0xea020000;
const SYSTEM_INDEX = 7;

/**
 * The parts of content kept in the inode itself: the 60 bytes of the map, then the value of the attribute
 * `system.data` behind the inode's fields.
 */
export function inlineParts(inode: ExtInode): { head: Uint8Array; tail: Uint8Array } {
  return { head: inode.map.bytes, tail: systemData(inode) ?? new Uint8Array(0) };
}

function systemData(inode: ExtInode): Uint8Array | undefined {
  const { raw } = inode;
  if (raw.length <= 128) return undefined;
  const start = 128 + raw.u16(0x80);
  if (start + 4 > raw.length || raw.u32(start) !== XATTR_MAGIC) return undefined;
  const values = new Fields(raw.slice(start + 4, raw.length - start - 4), 'inline attributes');
  for (let at = 0; at + 16 <= values.length && values.u32(at) !== 0; ) {
    const nameLength = values.u8(at);
    const isData = values.u8(at + 1) === SYSTEM_INDEX && values.ascii(at + 16, nameLength) === 'data';
    if (isData && values.u32(at + 4) === 0) return values.slice(values.u16(at + 2), values.u32(at + 8));
    at += 16 + Math.ceil(nameLength / 4) * 4;
  }
  return undefined;
}
