import { crc32c, Fields } from '../disk/index.ts';

const tag = {
  addRange: 1,
  deleteRange: 2,
  create: 3,
  link: 4,
  unlink: 5,
  inode: 6,
  pad: 7,
  tail: 8,
  head: 9,
} as const;
const TAG_BYTES = 4;

/** Blocks of a file that were mapped anew, or unmapped (`at` undefined). All in blocks. */
export interface RangeChange {
  readonly start: number;
  readonly length: number;
  readonly at: number | undefined;
  readonly unwritten: boolean;
}

/** A name in a directory that was set, or removed (`inode` undefined). */
export interface NameChange {
  readonly name: Uint8Array;
  readonly inode: number | undefined;
}

/** What fast commits changed since the last whole transaction; the last change of a thing counts. */
export class FastCommits {
  readonly inodes = new Map<number, Uint8Array>();
  readonly ranges = new Map<number, RangeChange[]>();
  readonly names = new Map<number, Map<string, NameChange>>();
  readonly created = new Set<number>();
  /** Commits taken. */
  count = 0;
}

/**
 * Reads the fast commits of ext4 from their area of the journal, block by block, up to the first that is
 * not whole or belongs to another transaction than `sequence`. Layout: the kernel's fs/ext4/fast_commit.h.
 */
export async function readFastCommits(
  blocks: AsyncIterable<Uint8Array>,
  sequence: number,
): Promise<FastCommits> {
  const commits = new FastCommits();
  let pending: Fields[] = [];
  let crc = 0;
  for await (const bytes of blocks) {
    const block = new Fields(bytes, 'fast commit');
    let ended = false;
    for (let at = 0; at + TAG_BYTES <= block.length && !ended; ) {
      const kind = block.u16(at);
      const end = at + TAG_BYTES + block.u16(at + 2);
      if (end > block.length || !isKnown(kind)) return commits;
      if (kind === tag.head && block.u32(at + 8) !== sequence) return commits;
      if (kind === tag.tail) {
        crc = crc32c(crc, block.slice(0, at + 8));
        if (block.u32(at + 4) !== sequence || block.u32(at + 8) !== crc) return commits;
        for (const record of pending) apply(commits, record);
        commits.count++;
        [pending, crc, ended] = [[], 0, true];
      } else if (kind === tag.pad) ended = true;
      else pending.push(new Fields(block.slice(at, end - at), 'fast commit'));
      at = end;
      if (kind === tag.pad) crc = crc32c(crc, block.bytes);
    }
  }
  return commits;
}

function isKnown(kind: number): boolean {
  return kind >= tag.addRange && kind <= tag.head;
}

function apply(commits: FastCommits, record: Fields): void {
  const kind = record.u16(0);
  if (kind === tag.inode)
    commits.inodes.set(record.u32(4), Uint8Array.from(record.slice(8, record.length - 8)));
  else if (kind === tag.addRange) addRange(commits, record.u32(4), extentOf(record));
  else if (kind === tag.deleteRange)
    addRange(commits, record.u32(4), {
      start: record.u32(8),
      length: record.u32(12),
      at: undefined,
      unwritten: false,
    });
  else if (kind === tag.create || kind === tag.link || kind === tag.unlink) applyName(commits, kind, record);
}

function extentOf(record: Fields): RangeChange {
  const raw = record.u16(12);
  const unwritten = raw > 32768;
  return {
    start: record.u32(8),
    length: unwritten ? raw - 32768 : raw,
    at: record.u32(16) + record.u16(14) * 0x1_0000_0000,
    unwritten,
  };
}

function addRange(commits: FastCommits, inode: number, change: RangeChange): void {
  const known = commits.ranges.get(inode) ?? [];
  known.push(change);
  commits.ranges.set(inode, known);
}

function applyName(commits: FastCommits, kind: number, record: Fields): void {
  const [parent, inode] = [record.u32(4), record.u32(8)];
  const name = Uint8Array.from(record.slice(12, record.length - 12));
  const known = commits.names.get(parent) ?? new Map<string, NameChange>();
  known.set(Buffer.from(name).toString('latin1'), { name, inode: kind === tag.unlink ? undefined : inode });
  commits.names.set(parent, known);
  if (kind === tag.create) commits.created.add(inode);
}
