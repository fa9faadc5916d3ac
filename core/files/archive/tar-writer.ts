import { isUtf8 } from 'node:buffer';
import type { FileKind } from '../../contract/index.ts';
import type { ArchiveEntry, ArchiveWriter, EntryOutcome } from './archive-writer.ts';
import { decimalSeconds, paxRecord } from './pax-records.ts';
import { ReadableContent } from './readable-content.ts';
import {
  LARGEST_NARROW,
  LARGEST_WIDE,
  LONGEST_NAME,
  TAR_BLOCK,
  tarHeader,
  tarPadding,
} from './tar-header.ts';

const TYPES: Readonly<Partial<Record<FileKind, string>>> = {
  file: '0',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
};
const HARD_LINK = '1';
const ZEROS = new Uint8Array(1024 * 1024);

/**
 * A POSIX tar archive. What the plain header cannot hold (long names, fractions of a second, large sizes and numbers)
 * stands in pax records. Names that are not UTF-8 keep their bytes, as GNU tar does it.
 */
export class TarWriter implements ArchiveWriter {
  readonly refused: readonly FileKind[] = ['socket', 'other'];
  readonly hardLinks = true;

  async *add(
    entry: ArchiveEntry,
    content: AsyncIterable<Uint8Array> | undefined,
  ): AsyncGenerator<Uint8Array, EntryOutcome> {
    if (content === undefined) {
      yield Buffer.concat(headerBlocks(entry, 0));
      return { broken: undefined };
    }
    const readable = new ReadableContent(content);
    const pieces = readable.pieces();
    const first = await pieces.next();
    // Nothing of it can be read: then it is not in the archive at all.
    if (first.done && readable.broken !== undefined) return { broken: readable.broken };
    yield Buffer.concat(headerBlocks(entry, entry.size));
    const written = yield* fitting(first, pieces, entry.size);
    yield* zeros(entry.size - written);
    yield tarPadding(entry.size);
    if (written === entry.size) return { broken: undefined };
    return {
      broken: `${readable.broken ?? 'Its content ends early.'} From byte ${written} on it is zeros here.`,
    };
  }

  /** Two blocks of zeros. */
  *end(): Iterable<Uint8Array> {
    yield new Uint8Array(2 * TAR_BLOCK);
  }
}

/** The pieces up to the announced size; returns how many bytes there were. */
async function* fitting(
  first: IteratorResult<Uint8Array>,
  pieces: AsyncIterator<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array, number> {
  let written = 0;
  for (let step = first; !step.done; step = await pieces.next()) {
    const piece = step.value.subarray(0, size - written);
    written += piece.length;
    yield piece;
  }
  return written;
}

function headerBlocks(entry: ArchiveEntry, size: number): Uint8Array[] {
  const { owner, mode, device } = entry;
  const name = entry.kind === 'directory' ? Buffer.concat([entry.name, Buffer.from('/')]) : entry.name;
  const linkName = entry.sameAs ?? entry.linkTarget ?? new Uint8Array(0);
  const type = entry.sameAs === undefined ? (TYPES[entry.kind] ?? '0') : HARD_LINK;
  const modified = Number((entry.modified ?? 0n) / 1_000_000_000n);
  const { uid, gid } = owner ?? { uid: 0, gid: 0 };
  const records = paxRecordsOf(entry, { name, linkName, size, uid, gid });
  const main = tarHeader({ name, type, size, mode, uid, gid, modified, linkName, device });
  if (records.length === 0) return [main];
  const extended = Buffer.concat(records);
  const head = tarHeader({
    name: Buffer.from('PaxHeaders/entry'),
    type: 'x',
    size: extended.length,
    mode: 0o644,
    ...{ uid: 0, gid: 0, modified: 0, linkName: new Uint8Array(0), device: null },
  });
  return [head, extended, tarPadding(extended.length), main];
}

interface Fields {
  readonly name: Uint8Array;
  readonly linkName: Uint8Array;
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
}

function paxRecordsOf(entry: ArchiveEntry, fields: Fields): Uint8Array[] {
  const records: Uint8Array[] = [];
  const { modified } = entry;
  if (needsRecord(fields.name)) records.push(paxRecord('path', fields.name));
  if (needsRecord(fields.linkName)) records.push(paxRecord('linkpath', fields.linkName));
  if (fields.size > LARGEST_WIDE) records.push(paxRecord('size', String(fields.size)));
  if (fields.uid > LARGEST_NARROW) records.push(paxRecord('uid', String(fields.uid)));
  if (fields.gid > LARGEST_NARROW) records.push(paxRecord('gid', String(fields.gid)));
  const whole = modified === undefined || (modified % 1_000_000_000n === 0n && modified >= 0n);
  const beyond = modified !== undefined && modified / 1_000_000_000n > BigInt(LARGEST_WIDE);
  if (modified !== undefined && (!whole || beyond))
    records.push(paxRecord('mtime', decimalSeconds(modified)));
  return records;
}

/** Long ones, and text beyond ASCII, whose encoding only a pax record says. Other bytes stay in the plain header. */
function needsRecord(name: Uint8Array): boolean {
  if (name.length > LONGEST_NAME) return true;
  return name.some((byte) => byte >= 0x80) && isUtf8(name);
}

function* zeros(length: number): Iterable<Uint8Array> {
  for (let left = length; left > 0; left -= ZEROS.length)
    yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}
