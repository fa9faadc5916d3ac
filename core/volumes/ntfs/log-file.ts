import { Fields } from '../disk/index.ts';
import type { FileContent } from '../tree/index.ts';

const VOLUME_IS_CLEAN = 0x2;
const NO_CLIENT = 0xffff;
const PAGE = 4096;

/** Whether the log says that the volume was closed properly. An emptied log (all ones) counts as that. */
export async function logIsClean(log: FileContent, signal: AbortSignal): Promise<boolean> {
  if (log.size < PAGE * 2) return true;
  const page = new Fields(await log.read(0, PAGE, signal), 'NTFS log');
  if (page.ascii(0, 4) !== 'RSTR') return page.u32(0) === 0xffffffff;
  const area = page.u16(24);
  if (area + 16 > PAGE) return false;
  return page.u16(area + 12) === NO_CLIENT || (page.u16(area + 14) & VOLUME_IS_CLEAN) !== 0;
}
