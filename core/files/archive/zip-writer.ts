import { crc32 } from 'node:zlib';
import type { FileKind } from '../../contract/index.ts';
import type { ArchiveEntry, ArchiveWriter, EntryOutcome } from './archive-writer.ts';
import { deflatedIfWorth, deflatedPieces } from './deflated.ts';
import { ReadableContent } from './readable-content.ts';
import {
  centralHeader,
  DEFLATED,
  dataDescriptor,
  endRecords,
  localHeader,
  STORED,
  type ZipEntry,
} from './zip-records.ts';

/** Files up to this size are packed in one piece, so that their header says it all. */
const AT_ONCE = 1024 * 1024;
/** Deflate adds five bytes to at most 64 KiB that it cannot shrink; above this a size may need 64 bits. */
const SURELY_NARROW = 0xffff_0000;

type Facts = Pick<ZipEntry, 'method' | 'streamed' | 'wide' | 'crc' | 'packed' | 'size'>;

const NOTHING: Facts = { method: STORED, streamed: false, wide: false, crc: 0, packed: 0, size: 0 };

/**
 * A zip archive with UTF-8 names, Unix modes and links, exact times, and 64-bit sizes where needed. Memory grows with
 * the central directory, about 150 bytes an entry and its name.
 */
export class ZipWriter implements ArchiveWriter {
  readonly refused: readonly FileKind[] = ['socket', 'other', 'fifo', 'character-device', 'block-device'];
  readonly hardLinks = false;
  readonly #directory: Buffer[] = [];
  #offset = 0;

  async *add(
    entry: ArchiveEntry,
    content: AsyncIterable<Uint8Array> | undefined,
  ): AsyncGenerator<Uint8Array, EntryOutcome> {
    const source = content ?? once(entry.linkTarget ?? new Uint8Array(0));
    if (content !== undefined && entry.size > AT_ONCE) return yield* this.#stream(entry, content);
    const readable = new ReadableContent(source);
    const bytes = await joined(readable.pieces());
    if (readable.broken !== undefined) return { broken: readable.broken };
    const packed = entry.kind === 'file' ? await deflatedIfWorth(bytes) : undefined;
    const data = packed ?? bytes;
    const header = this.#entry(entry, {
      ...NOTHING,
      method: packed === undefined ? STORED : DEFLATED,
      crc: crc32(bytes),
      packed: data.length,
      size: bytes.length,
    });
    this.#directory.push(centralHeader(header));
    yield this.#counted(localHeader(header));
    if (data.length > 0) yield this.#counted(data);
    return { broken: undefined };
  }

  *end(): Iterable<Uint8Array> {
    const offset = this.#offset;
    yield* this.#directory.map((header) => this.#counted(header));
    yield endRecords({ count: this.#directory.length, offset, length: this.#offset - offset });
  }

  /** A content that breaks off leaves bytes behind that the directory does not mention. */
  async *#stream(
    entry: ArchiveEntry,
    content: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array, EntryOutcome> {
    const wide = entry.size >= SURELY_NARROW;
    const begun = this.#entry(entry, { ...NOTHING, method: DEFLATED, streamed: true, wide });
    yield this.#counted(localHeader(begun));
    const readable = new ReadableContent(content);
    const start = this.#offset;
    let [crc, size] = [0, 0];
    const plain = counted(readable.pieces(), (piece) => {
      crc = crc32(piece, crc);
      size += piece.length;
    });
    for await (const piece of deflatedPieces(plain)) yield this.#counted(piece);
    const whole: ZipEntry = { ...begun, crc, size, packed: this.#offset - start };
    const broken = readable.broken ?? (size === entry.size ? undefined : 'Its content ends early.');
    yield this.#counted(dataDescriptor(whole));
    if (broken === undefined) this.#directory.push(centralHeader(whole));
    return { broken };
  }

  #entry(entry: ArchiveEntry, facts: Facts): ZipEntry {
    const name = entry.kind === 'directory' ? Buffer.concat([entry.name, Buffer.from('/')]) : entry.name;
    return { entry, name, offset: this.#offset, ...facts };
  }

  #counted<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
    this.#offset += bytes.length;
    return bytes;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  count: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    count(piece);
    yield piece;
  }
}
