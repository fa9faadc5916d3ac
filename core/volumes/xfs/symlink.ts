import { damaged, Fields, type ReadableDisk } from '../disk/index.ts';
import { MappedContent } from '../tree/index.ts';
import { findXfsRunOf } from './extent-runs.ts';
import { forkFormat, type XfsInode } from './inode.ts';
import type { XfsSuperblock } from './superblock.ts';

const HEADER = 56;
const LONGEST = 1024;

/** A link's target: in the inode, or in up to three extents that start with a header each (version 5). */
export async function readXfsLink(
  inode: XfsInode,
  geometry: { disk: ReadableDisk; superblock: XfsSuperblock; verify: boolean },
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (inode.size > LONGEST) throw damaged('symbolic link', 'its target is far too long');
  if (inode.format === forkFormat.local) return Uint8Array.from(inode.fork.slice(0, inode.size));
  const findRun = findXfsRunOf(inode, geometry);
  const { disk, superblock } = geometry;
  if (superblock.version === 4)
    return new MappedContent({ disk, size: inode.size, findRun }).read(0, inode.size, signal);
  const parts: Uint8Array[] = [];
  let found = 0;
  for (let position = 0; found < inode.size; ) {
    const run = await findRun(position, signal);
    if (run.at === undefined || parts.length > LONGEST)
      throw damaged('symbolic link', 'a part of it is missing');
    const length = Math.min(run.length, HEADER + LONGEST);
    const part = new Fields(await disk.read(run.at, length, signal), 'symbolic link', 'big');
    if (part.ascii(0, 4) !== 'XSLM') throw damaged('symbolic link', 'a part of it is not where it should be');
    const bytes = part.slice(HEADER, Math.min(part.u32(8), inode.size - found));
    if (bytes.length === 0) throw damaged('symbolic link', 'a part of it is empty');
    parts.push(bytes);
    found += bytes.length;
    position = run.start + run.length;
  }
  return Buffer.concat(parts);
}
