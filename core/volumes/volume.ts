import { AppError, toAppError } from '../contract/index.ts';
import { invalidInput, notFound, notSupported } from './disk/index.ts';
import type { ListedNode, WalkedNode } from './listed-node.ts';
import type { PartitionScheme } from './partitions/index.ts';
import { type ContentKind, contentName } from './recognise/index.ts';
import {
  bytesOfText,
  type DirectoryEntry,
  type FileContent,
  type FileExtent,
  type FileName,
  type FileSystem,
  fileNameFromBytes,
  type NodeId,
  type NodeInfo,
  oneAhead,
  splitPath,
  type VolumeLimits,
  type VolumeState,
} from './tree/index.ts';
import { walkTree } from './walk-tree.ts';

/** What is known of a volume without opening any folder. */
export interface VolumeFacts {
  /** Unique among the volumes of one point: `disk0`, `disk0-part1`, `vg-root`. Safe as a path part. */
  readonly id: string;
  /** Index of the (first) disk it lies on. */
  readonly disk: number;
  /** Partition number; 0 when it covers the whole disk or is a logical volume. */
  readonly partition: number;
  readonly kind: ContentKind;
  /** The kind as shown to the operator. */
  readonly kindName: string;
  readonly label: string;
  readonly uuid: string;
  /** Bytes. */
  readonly size: number;
  readonly state: VolumeState | 'unsupported' | 'damaged';
  /** One sentence on the state where it needs one, else empty. */
  readonly note: string;
  /** Kind of the table that it was found in; `none` for a whole disk and for a logical volume. */
  readonly partitionScheme: PartitionScheme;
  /** The disk's GUID (GPT) or its signature in eight hexadecimal digits (MBR), else empty. */
  readonly diskId: string;
  /** The partition's own GUID (GPT), else empty. */
  readonly partitionId: string;
  /** Byte offset of a partition on its disk, else 0. */
  readonly offset: number;
  /** GPT name or `group/volume`, else empty. */
  readonly placeName: string;
}

export interface ContentRange {
  /** Default 0. */
  readonly offset?: number;
  /** Default: up to the end. */
  readonly length?: number;
  /** Name of an alternate stream (NTFS); default the main content. */
  readonly stream?: string;
}

const STAT_AT_ONCE = 4096;
const STREAM_STEP = 1024 * 1024;
/** Pieces of a stream that are under way behind the one that is taken; what a distant disk needs. */
const STREAM_AHEAD = 8;

/**
 * One volume and its files, read-only. Every method throws AppError only: `not-supported` when the volume
 * or file has no reader, `damaged`, `not-found`, `invalid-input`, `cancelled`, or what the disk throws.
 */
export class Volume {
  readonly facts: VolumeFacts;
  readonly #fileSystem: FileSystem | undefined;
  readonly #limits: VolumeLimits;

  constructor(facts: VolumeFacts, fileSystem: FileSystem | undefined, limits: VolumeLimits) {
    this.facts = facts;
    this.#fileSystem = fileSystem;
    this.#limits = limits;
  }

  /** Whether its files can be read. */
  get readable(): boolean {
    return this.#fileSystem !== undefined;
  }

  get fileSystem(): FileSystem {
    if (this.#fileSystem !== undefined) return this.#fileSystem;
    if (this.facts.state === 'damaged') throw new AppError('damaged', { message: this.facts.note });
    throw notSupported(`The volume ${this.facts.id} (${contentName(this.facts.kind)})`);
  }

  get root(): NodeId {
    return this.fileSystem.root;
  }

  async stat(id: NodeId, signal: AbortSignal): Promise<NodeInfo> {
    return typed(() => this.fileSystem.stat(id, signal));
  }

  /** All entries of a directory with their metadata, in the order of the disk. */
  async list(directory: NodeId, signal: AbortSignal): Promise<ListedNode[]> {
    const listed: ListedNode[] = [];
    for await (const batch of this.listBatches(directory, signal)) listed.push(...batch);
    return listed;
  }

  /**
   * The same in batches, for those who do not keep them all. A directory with damaged blocks gives the entries
   * of the others and then throws `damaged`.
   */
  async *listBatches(directory: NodeId, signal: AbortSignal): AsyncGenerator<readonly ListedNode[]> {
    let count = 0;
    const batches = await typed(async () => oneAhead(this.fileSystem.entries(directory, signal)));
    for (;;) {
      const step = await typed(() => batches.next());
      if (step.done) return;
      count += step.value.length;
      if (count > this.#limits.directoryEntries)
        throw invalidInput('directory', 'has more entries than can be listed');
      for (let from = 0; from < step.value.length; from += STAT_AT_ONCE) {
        const some = step.value.slice(from, from + STAT_AT_ONCE);
        yield await typed(() => Promise.all(some.map((entry) => this.#listed(entry, signal))));
      }
    }
  }

  /** Finds a node by its path of safe texts. Symbolic links on the way are not followed. */
  async resolve(path: string, signal: AbortSignal): Promise<NodeId> {
    return typed(async () => {
      let id = this.root;
      for (const part of splitPath(path)) {
        const next = await this.#lookUp(id, part, signal);
        if (next === undefined) throw notFound(path);
        id = next;
      }
      return id;
    });
  }

  /** At most `length` bytes; fewer only at the end of the content. */
  async read(
    id: NodeId,
    range: { offset: number; length: number; stream?: string },
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    return typed(async () => {
      checkRange(range);
      if (range.length > this.#limits.readBytes) throw invalidInput('length', 'is too large for one read');
      const content = await this.fileSystem.content(id, range.stream ?? '', signal);
      return content.read(range.offset, range.length, signal);
    });
  }

  /** The content in pieces of about 1 MiB, with the next ones already under way. */
  async *stream(id: NodeId, range: ContentRange, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const content = await typed(() => this.fileSystem.content(id, range.stream ?? '', signal));
    const start = range.offset ?? 0;
    checkRange({ offset: start, length: range.length ?? 0 });
    const end = Math.min(content.size, start + (range.length ?? content.size));
    const underway: Promise<Uint8Array>[] = [];
    let at = start;
    for (let ahead = 1; at < end || underway.length > 0; ahead = Math.min(ahead + 1, STREAM_AHEAD)) {
      for (; at < end && underway.length < ahead; at += STREAM_STEP)
        underway.push(readStep(content, { at, end }, signal));
      const [next = Promise.resolve(new Uint8Array(0))] = underway.splice(0, 1);
      yield await typed(() => next);
    }
  }

  /** The data and holes of a file, in order and without gaps. */
  async *extents(id: NodeId, stream: string, signal: AbortSignal): AsyncGenerator<FileExtent> {
    const content = await typed(() => this.fileSystem.content(id, stream, signal));
    const pieces = content.extents(signal)[Symbol.asyncIterator]();
    for (;;) {
      const step = await typed(() => pieces.next());
      if (step.done) return;
      yield step.value;
    }
  }

  /** Where a symbolic link points, as stored; it may lead anywhere and is never followed here. */
  async readlink(id: NodeId, signal: AbortSignal): Promise<FileName> {
    return typed(async () => fileNameFromBytes(await this.fileSystem.linkTarget(id, signal)));
  }

  /**
   * Everything below a directory, parents before children. A directory met a second time (a loop on a
   * damaged disk) is listed but not entered again. One that cannot be read, or not whole, comes a second time
   * behind what could be read of it, with its `problem`.
   */
  walk(from: { id: NodeId; path: string }, signal: AbortSignal): AsyncGenerator<WalkedNode> {
    const list = (directory: NodeId): AsyncGenerator<readonly ListedNode[]> =>
      this.listBatches(directory, signal);
    return walkTree({ from, list, depth: this.#limits.depth, signal });
  }

  async #listed(entry: DirectoryEntry, signal: AbortSignal): Promise<ListedNode> {
    try {
      const info = await this.fileSystem.stat(entry.id, signal);
      return { ...entry, kind: info.kind, info, problem: undefined };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!['damaged', 'not-found', 'not-supported'].includes(error.code)) throw error;
      return { ...entry, info: undefined, problem: error.message };
    }
  }

  async #lookUp(directory: NodeId, part: string, signal: AbortSignal): Promise<NodeId | undefined> {
    const wanted = Buffer.from(bytesOfText(part));
    const folded = this.fileSystem.facts.caseSensitive ? undefined : part.toUpperCase();
    let alike: NodeId | undefined;
    for await (const batch of this.fileSystem.entries(directory, signal))
      for (const entry of batch) {
        if (wanted.equals(entry.name.bytes)) return entry.id;
        if (folded !== undefined && entry.name.text.toUpperCase() === folded) alike ??= entry.id;
      }
    return alike;
  }
}

function readStep(
  content: FileContent,
  range: { at: number; end: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const reading = content.read(range.at, Math.min(STREAM_STEP, range.end - range.at), signal);
  // A consumer that stops early never awaits the piece under way; its failure must not go unheard then.
  reading.catch(() => undefined);
  return reading;
}

function checkRange(range: { offset: number; length: number }): void {
  for (const field of ['offset', 'length'] as const)
    if (!Number.isSafeInteger(range[field]) || range[field] < 0)
      throw invalidInput(field, 'must be a whole number of bytes, not negative');
}

async function typed<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw toAppError(thrown);
  }
}
