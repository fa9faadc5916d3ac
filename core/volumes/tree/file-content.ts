import { damaged, type ReadableDisk, stopIfAborted } from '../disk/index.ts';

/** A piece of a file, in bytes of the file. */
export interface FileExtent {
  readonly offset: number;
  readonly length: number;
  readonly kind: 'data' | 'hole';
}

/** The bytes of one file or stream. */
export interface FileContent {
  readonly size: number;
  /** The bytes at `offset`, fewer only at the end of the content. */
  read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
  /** All pieces in order and without gaps; holes read as zeros. */
  extents(signal: AbortSignal): AsyncIterable<FileExtent>;
}

/** Where a run of the content is: `at` bytes into the disk, or nowhere (a hole, reads as zeros). */
export interface Run {
  /** Offset in the content, at most the position asked for. */
  readonly start: number;
  /** At least up to one byte after the position asked for. */
  readonly length: number;
  readonly at: number | undefined;
}

/** Finds the run that holds a position; called with positions below the content's size only. */
export type FindRun = (position: number, signal: AbortSignal) => Promise<Run>;

export interface MappedContentOptions {
  readonly disk: ReadableDisk;
  readonly size: number;
  readonly findRun: FindRun;
  /** Bytes ever written; those behind it read as zeros whatever the disk holds there. */
  readonly validSize?: number;
}

/** Content that lies in runs on a disk; the runs are looked up as needed, so memory does not grow. */
export class MappedContent implements FileContent {
  readonly size: number;
  readonly #disk: ReadableDisk;
  readonly #findRun: FindRun;
  readonly #validSize: number;

  constructor(options: MappedContentOptions) {
    this.size = options.size;
    this.#disk = options.disk;
    this.#findRun = options.findRun;
    this.#validSize = Math.min(options.size, options.validSize ?? options.size);
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const whole = await this.#readAtOnce(offset, end, signal);
    if (whole !== undefined) return whole;
    const out = new Uint8Array(end - offset);
    const pieces = await this.#pieces(offset, Math.min(end, this.#validSize), signal);
    const reading = pieces.map(async ({ at, position, length }) => {
      out.set(await this.#disk.read(at, length, signal), position - offset);
    });
    await Promise.all(reading);
    return out;
  }

  /** What lies on the disk of a range, all found before any is read: they are then read at the same time. */
  async #pieces(
    offset: number,
    end: number,
    signal: AbortSignal,
  ): Promise<{ at: number; position: number; length: number }[]> {
    const pieces: { at: number; position: number; length: number }[] = [];
    for (let position = offset; position < end; ) {
      const run = await this.#runAt(position, signal);
      const length = Math.min(end, run.start + run.length) - position;
      if (run.at !== undefined) pieces.push({ at: run.at + position - run.start, position, length });
      position += length;
    }
    return pieces;
  }

  async *extents(signal: AbortSignal): AsyncIterable<FileExtent> {
    let open: { offset: number; length: number; kind: 'data' | 'hole' } | undefined;
    for (let position = 0; position < this.size; ) {
      const tail = position >= this.#validSize;
      const run = tail ? undefined : await this.#runAt(position, signal);
      const limit = tail ? this.size : this.#validSize;
      const end = Math.min(limit, run === undefined ? this.size : run.start + run.length);
      const kind = run?.at === undefined ? 'hole' : 'data';
      if (open?.kind === kind) open.length += end - position;
      else {
        if (open !== undefined) yield open;
        open = { offset: position, length: end - position, kind };
      }
      position = end;
    }
    if (open !== undefined) yield open;
  }

  /** Without a copy where one run holds it all; small reads may be views of a cache and are copied. */
  async #readAtOnce(offset: number, end: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (end > this.#validSize) return undefined;
    const run = await this.#runAt(offset, signal);
    if (run.at === undefined || run.start + run.length < end) return undefined;
    const bytes = await this.#disk.read(run.at + offset - run.start, end - offset, signal);
    return bytes.buffer.byteLength === bytes.length ? bytes : new Uint8Array(bytes);
  }

  async #runAt(position: number, signal: AbortSignal): Promise<Run> {
    stopIfAborted(signal);
    const run = await this.#findRun(position, signal);
    if (run.start > position || run.start + run.length <= position)
      throw damaged('file layout', 'a run does not cover its position');
    return run;
  }
}

/** Content that is kept inside of a metadata structure. */
export class InlineContent implements FileContent {
  readonly size: number;
  readonly #bytes: Uint8Array;

  /** `size` may exceed the stored bytes; the rest reads as zeros. */
  constructor(bytes: Uint8Array, size = bytes.length) {
    if (size > bytes.length + 1_048_576) throw damaged('inline content', 'it claims to be far too long');
    this.#bytes = new Uint8Array(bytes.subarray(0, size));
    this.size = size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    const out = new Uint8Array(Math.max(0, end - offset));
    out.set(this.#bytes.subarray(offset, end));
    return out;
  }

  async *extents(): AsyncIterable<FileExtent> {
    if (this.size > 0) yield { offset: 0, length: this.size, kind: 'data' };
  }
}
