import { damaged, type Fields } from '../disk/index.ts';

export interface RegistryKey {
  readonly name: string;
  readonly subkeys: number;
  /** Places in the hive. */
  readonly subkeyList: number;
  readonly values: number;
  readonly valueList: number;
}

export interface RegistryValue {
  readonly name: string;
  readonly data: Uint8Array;
}

/** Where a value's data is: in its own cell where it is short, else in another. */
export interface ValueCell {
  readonly name: string;
  readonly size: number;
  readonly inline: Uint8Array | undefined;
  readonly place: number;
}

const KEY_NAME_IS_LATIN = 0x20;
const VALUE_NAME_IS_LATIN = 0x1;
const DATA_IS_INLINE = 0x8000_0000;

export function parseKey(cell: Fields): RegistryKey {
  if (cell.ascii(0, 2) !== 'nk') throw damaged('registry hive', 'a key is not where it should be');
  return {
    name: nameOf(cell.slice(76, cell.u16(72)), (cell.u16(2) & KEY_NAME_IS_LATIN) !== 0),
    subkeys: cell.u32(20),
    subkeyList: cell.u32(28),
    values: cell.u32(36),
    valueList: cell.u32(40),
  };
}

export function parseValue(cell: Fields): ValueCell {
  if (cell.ascii(0, 2) !== 'vk') throw damaged('registry hive', 'a value is not where it should be');
  const raw = cell.u32(4);
  const size = raw % DATA_IS_INLINE;
  const isInline = raw >= DATA_IS_INLINE;
  if (isInline && size > 4) throw damaged('registry hive', 'a value is longer than its place');
  return {
    name: nameOf(cell.slice(20, cell.u16(2)), (cell.u16(16) & VALUE_NAME_IS_LATIN) !== 0),
    size,
    inline: isInline ? Uint8Array.from(cell.slice(8, size)) : undefined,
    place: cell.u32(8),
  };
}

function nameOf(bytes: Uint8Array, isLatin: boolean): string {
  return Buffer.from(bytes).toString(isLatin ? 'latin1' : 'utf16le');
}
