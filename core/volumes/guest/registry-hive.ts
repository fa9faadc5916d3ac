import { damaged, Fields, notSupported, stopIfAborted } from '../disk/index.ts';
import type { FileContent } from '../tree/index.ts';
import { parseKey, parseValue, type RegistryKey, type RegistryValue } from './registry-cells.ts';

/** Bytes before the first cell; all places in a hive count from here. */
const BASE = 4096;
const NONE = 0xffffffff;
/** Bytes looked at of a cell that describes something, and of one that lists others. */
const CELL = 64 * 1024;
const LIST_CELL = 1024 * 1024;
/** Values above this are kept in pieces, which are not read. */
const LARGEST_VALUE = 16_344;
const MOST_KEYS = 65_536;
const MOST_VALUES = 4096;
const MOST_LISTS = 256;

/**
 * Reads keys and values of a Windows registry hive, a few cells at a time. The form is that of versions 1.3
 * to 1.6. A log beside the hive is not looked at, so that changes of the last seconds may be missing.
 */
export class RegistryHive {
  readonly root: RegistryKey;
  readonly #content: FileContent;

  private constructor(content: FileContent, root: RegistryKey) {
    this.#content = content;
    this.root = root;
  }

  /** @throws AppError `damaged` when the content is no hive */
  static async open(content: FileContent, signal: AbortSignal): Promise<RegistryHive> {
    if (content.size < BASE) throw damaged('registry hive', 'it is too short');
    const header = new Fields(await content.read(0, 512, signal), 'registry hive');
    if (header.ascii(0, 4) !== 'regf') throw damaged('registry hive', 'its magic number is missing');
    return new RegistryHive(content, parseKey(await readCell(content, header.u32(36), signal)));
  }

  /** The key below `parent` of a name, in whatever case; undefined when there is none. */
  async child(parent: RegistryKey, name: string, signal: AbortSignal): Promise<RegistryKey | undefined> {
    if (parent.subkeys === 0 || parent.subkeyList === NONE) return undefined;
    const wanted = name.toUpperCase();
    let left = Math.min(parent.subkeys, MOST_KEYS);
    for await (const list of this.#subkeyLists(parent.subkeyList, signal))
      for (const place of keysOfList(list)) {
        if (left-- <= 0) return undefined;
        stopIfAborted(signal);
        const key = parseKey(await readCell(this.#content, place, signal));
        if (key.name.toUpperCase() === wanted) return key;
      }
    return undefined;
  }

  /** The values of a key; those too long to be asked for are left out. */
  async values(key: RegistryKey, signal: AbortSignal): Promise<RegistryValue[]> {
    if (key.values === 0 || key.valueList === NONE) return [];
    if (key.values > MOST_VALUES) throw notSupported('A registry key with so many values');
    const list = await readCell(this.#content, key.valueList, signal, LIST_CELL);
    const values: RegistryValue[] = [];
    for (let index = 0; index < key.values; index++) {
      const { name, size, inline, place } = parseValue(
        await readCell(this.#content, list.u32(index * 4), signal),
      );
      if (inline !== undefined) values.push({ name, data: inline });
      else if (size <= LARGEST_VALUE) {
        const cell = await readCell(this.#content, place, signal);
        values.push({ name, data: Uint8Array.from(cell.slice(0, size)) });
      }
    }
    return values;
  }

  /** The list itself, or those that it names; lists of lists do not go deeper. */
  async *#subkeyLists(place: number, signal: AbortSignal): AsyncGenerator<Fields> {
    const list = await readCell(this.#content, place, signal, LIST_CELL);
    if (list.ascii(0, 2) !== 'ri') {
      yield list;
      return;
    }
    const count = list.u16(2);
    if (count > MOST_LISTS) throw notSupported('A registry key with so many keys below it');
    for (let index = 0; index < count; index++)
      yield await readCell(this.#content, list.u32(4 + index * 4), signal, LIST_CELL);
  }
}

/** Where the keys of a list are: with a hash or hint behind each place, or without. */
function keysOfList(list: Fields): number[] {
  const kind = list.ascii(0, 2);
  if (!['lf', 'lh', 'li'].includes(kind))
    throw damaged('registry hive', 'a list of keys is of no known kind');
  const step = kind === 'li' ? 4 : 8;
  return Array.from({ length: list.u16(2) }, (_, index) => list.u32(4 + index * step));
}

/** A cell in use, without the length before it; at most its first `most` bytes. */
async function readCell(
  content: FileContent,
  place: number,
  signal: AbortSignal,
  most = CELL,
): Promise<Fields> {
  const at = BASE + place;
  if (place % 8 !== 0 || at + 8 > content.size) throw damaged('registry hive', 'a cell is outside of it');
  const length = -new Fields(await content.read(at, 4, signal), 'registry hive').i32(0);
  if (length < 8 || at + length > content.size)
    throw damaged('registry hive', 'a cell has an impossible length');
  return new Fields(await content.read(at + 4, Math.min(most, length - 4), signal), 'registry cell');
}
