import { damaged, Fields } from '../disk/index.ts';
import { parseWofReparse, type WofCompression } from './wof/index.ts';

const tag = { mountPoint: 0xa0000003, symlink: 0xa000000c, wslSymlink: 0xa000001d } as const;

/** Kinds whose content is elsewhere or in a form that this reader does not know. */
const UNREADABLE: Readonly<Record<number, string>> = {
  2147483667: 'deduplicated by Windows Server',
  2147483683: 'kept by a Windows container layer',
};
const CLOUD_TAG = 0x9000001a;
const CLOUD_MASK = 0xffff0fff;

const OVERLAY_FILTER = 0x80000017;

export interface ReparsePoint {
  /** Target of a symbolic link or mounted folder. */
  readonly target: string | undefined;
  readonly unreadable: string | undefined;
  /** Set where Windows keeps the content compressed in a stream beside it. */
  readonly compression?: WofCompression | undefined;
}

export function parseReparsePoint(fields: Fields): ReparsePoint {
  const kind = fields.u32(0);
  const data = new Fields(fields.slice(8, Math.min(fields.u16(4), fields.length - 8)), 'reparse point');
  if (kind === tag.symlink) return { target: windowsTarget(data, 12), unreadable: undefined };
  if (kind === tag.mountPoint) return { target: windowsTarget(data, 8), unreadable: undefined };
  if (kind === tag.wslSymlink)
    return { target: Buffer.from(data.slice(4, data.length - 4)).toString('utf8'), unreadable: undefined };
  if (kind === OVERLAY_FILTER) {
    const compression = parseWofReparse(data);
    const unreadable = compression === undefined ? 'kept in an image file by Windows' : undefined;
    return { target: undefined, unreadable, compression };
  }
  return { target: undefined, unreadable: UNREADABLE[kind] };
}

/** True for files that a cloud drive may have moved off the disk. */
export function isCloudFile(fields: Fields): boolean {
  return (fields.u32(0) & CLOUD_MASK) >>> 0 === CLOUD_TAG;
}

/** The name meant for people, else the one meant for the system without its prefix. */
function windowsTarget(data: Fields, paths: number): string {
  const text = (at: number): string => {
    const [offset, length] = [data.u16(at), data.u16(at + 2)];
    if (length % 2 !== 0) throw damaged('reparse point', 'a name is cut in the middle of a character');
    return Buffer.from(data.slice(paths + offset, length)).toString('utf16le');
  };
  return text(4) || text(0).replace(/^\\\?\?\\/, '');
}
