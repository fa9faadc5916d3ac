import { damaged, Fields, type ReadableDisk } from '../disk/index.ts';

const SECTOR = 512;
const MAGIC = ' LVM2 x[5A%r0N*>';
const LARGEST_TEXT = 16 * 1024 * 1024;
const MAX_AREAS = 16;

/** A member of a volume group: its id, and the newest copy of the group's metadata that it keeps. */
export interface PhysicalVolume {
  readonly uuid: string;
  readonly disk: ReadableDisk;
  /** Texts as found in its metadata areas; none on members that keep no copy. */
  readonly texts: readonly string[];
}

/** Reads the label in one of the first four sectors and the metadata areas that it names. */
export async function readPhysicalVolume(disk: ReadableDisk, signal: AbortSignal): Promise<PhysicalVolume> {
  const head = new Fields(await disk.read(0, Math.min(4 * SECTOR, disk.size), signal), 'LVM label');
  for (let at = 0; at + SECTOR <= head.length; at += SECTOR) {
    if (head.ascii(at, 8) !== 'LABELONE' || head.ascii(at + 24, 8) !== 'LVM2 001') continue;
    const header = at + head.u32(at + 20);
    const texts: string[] = [];
    for (const area of metadataAreas(head, header)) {
      const text = await readText(disk, area, signal);
      if (text !== undefined) texts.push(text);
    }
    return { uuid: head.ascii(header, 32), disk, texts };
  }
  throw damaged('LVM label', 'it is missing');
}

interface Area {
  readonly start: number;
  readonly size: number;
}

/** Behind the id and size: a list of data areas, a zero, a list of metadata areas, a zero. */
function metadataAreas(head: Fields, header: number): Area[] {
  const lists: Area[][] = [[], []];
  let at = header + 40;
  for (const list of lists) {
    for (; head.u64(at) !== 0; at += 16) {
      list.push({ start: head.u64(at), size: head.u64(at + 8) });
      if (list.length > MAX_AREAS) throw damaged('LVM label', 'it names too many areas');
    }
    at += 16;
  }
  return lists[1] ?? [];
}

/** The current text of an area, which is a ring behind the area's first sector. */
async function readText(disk: ReadableDisk, area: Area, signal: AbortSignal): Promise<string | undefined> {
  if (area.start + area.size > disk.size || area.size <= SECTOR) return undefined;
  const header = new Fields(await disk.read(area.start, SECTOR, signal), 'LVM metadata area');
  if (header.ascii(4, 16) !== MAGIC) return undefined;
  const [offset, size, flags] = [header.u64(40), header.u64(48), header.u32(60)];
  const isIgnored = (flags & 1) !== 0;
  const outside = offset < SECTOR || offset >= area.size || size > area.size - SECTOR;
  if (offset === 0 || size === 0 || isIgnored || outside || size > LARGEST_TEXT) return undefined;
  const straight = Math.min(size, area.size - offset);
  const first = await disk.read(area.start + offset, straight, signal);
  const rest = await disk.read(area.start + SECTOR, size - straight, signal);
  const text = Buffer.concat([first, rest]).toString('utf8');
  return text.split('\0')[0];
}
