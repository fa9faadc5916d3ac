import { Fields } from '../disk/index.ts';
import { type DirectoryEntry, fileNameFromUtf16, isUsableName } from '../tree/index.ts';
import { decodeOemName } from './oem-name.ts';

export const fatAttribute = {
  readonly: 1,
  hidden: 2,
  system: 4,
  label: 8,
  directory: 0x10,
  archive: 0x20,
} as const;
const LONG_NAME = 0xf;

/** The parts of a long name stand before the entry that they name, last part first. */
interface LongName {
  parts: string[];
  checksum: number;
  next: number;
}

/**
 * Reads entries one after another; a long name may start in one batch and end in the next. `label` is what
 * the root directory calls the volume.
 */
export class FatDirectoryReader {
  label: string | undefined;
  ended = false;
  #long: LongName | undefined;

  /** Entries of the next bytes of a directory, which lie at `place` on the volume. */
  take(bytes: Uint8Array, place: number): DirectoryEntry[] {
    const entries: DirectoryEntry[] = [];
    const fields = new Fields(bytes, 'directory');
    for (let at = 0; at + 32 <= bytes.length && !this.ended; at += 32) {
      const first = fields.u8(at);
      const attributes = fields.u8(at + 11);
      if (first === 0) this.ended = true;
      else if (first === 0xe5) this.#long = undefined;
      else if ((attributes & 0x3f) === LONG_NAME) this.#takePart(fields, at);
      else {
        const entry = this.#takeEntry(new Fields(fields.slice(at, 32), 'directory entry'), place + at);
        if (entry !== undefined) entries.push(entry);
        this.#long = undefined;
      }
    }
    return entries;
  }

  #takePart(fields: Fields, at: number): void {
    const order = fields.u8(at);
    const checksum = fields.u8(at + 13);
    const units = Buffer.concat([
      fields.slice(at + 1, 10),
      fields.slice(at + 14, 12),
      fields.slice(at + 28, 4),
    ]);
    if (order & 0x40) this.#long = { parts: [], checksum, next: order & 0x3f };
    if (this.#long === undefined) return;
    if ((order & 0x3f) !== this.#long.next || checksum !== this.#long.checksum) this.#long = undefined;
    else {
      this.#long.parts.unshift(units.toString('utf16le'));
      this.#long.next--;
    }
  }

  #takeEntry(entry: Fields, id: number): DirectoryEntry | undefined {
    const attributes = entry.u8(11);
    if (attributes & fatAttribute.label) {
      this.label ??= decodeOemName(entry.slice(0, 11)).trim();
      return undefined;
    }
    const long = this.#long;
    const valid = long !== undefined && long.next === 0 && long.checksum === shortNameSum(entry);
    const text = valid ? (long.parts.join('').split('\0')[0] ?? '') : shortName(entry);
    const name = fileNameFromUtf16(text);
    if (!isUsableName(name.bytes)) return undefined;
    return { name, id, kind: attributes & fatAttribute.directory ? 'directory' : 'file' };
  }
}

function shortNameSum(entry: Fields): number {
  return entry.slice(0, 11).reduce((sum, byte) => ((((sum & 1) << 7) | (sum >> 1)) + byte) & 0xff, 0);
}

/** Eight and three characters; two bits say which of them Windows shows in lower case. */
function shortName(entry: Fields): string {
  const raw = Uint8Array.from(entry.slice(0, 11));
  if (raw[0] === 0x05) raw[0] = 0xe5;
  const flags = entry.u8(12);
  const text = decodeOemName(raw);
  const base = text.slice(0, 8).trimEnd();
  const extension = text.slice(8).trimEnd();
  const shownBase = flags & 0x08 ? base.toLowerCase() : base;
  const shownExtension = flags & 0x10 ? extension.toLowerCase() : extension;
  return shownExtension === '' ? shownBase : `${shownBase}.${shownExtension}`;
}
