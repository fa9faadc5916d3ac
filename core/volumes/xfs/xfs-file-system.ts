import {
  damaged,
  damagedBlocks,
  Fields,
  invalidInput,
  notFound,
  notSupported,
  type ReadableDisk,
} from '../disk/index.ts';
import { kindOfMode } from '../ext/index.ts';
import {
  type DirectoryEntry,
  type FileContent,
  type FileSystem,
  type FileSystemFacts,
  InlineContent,
  MappedContent,
  type NodeInfo,
  type VolumeLimits,
} from '../tree/index.ts';
import { DIRECTORY_DATA_BYTES, entriesOfDataBlock, entriesOfShortForm } from './directory.ts';
import { findXfsRunOf } from './extent-runs.ts';
import { forkFormat, parseXfsInode, type XfsInode, xfsFlag } from './inode.ts';
import { inodePlace, type XfsSuperblock, xfsChecksumHolds } from './superblock.ts';
import { readXfsLink } from './symlink.ts';

/** Bytes of a directory that are read at once. */
const DIRECTORY_STEP = 256 * 1024;

/** Places in the head of a directory's block. */
const DIRECTORY_CHECKSUM = 4;
const DIRECTORY_OWNER = 40;

export interface XfsParts {
  readonly disk: ReadableDisk;
  readonly superblock: XfsSuperblock;
  readonly facts: FileSystemFacts;
  readonly limits: VolumeLimits;
  /** False where the log was replayed in memory: checksums are then those of before. */
  readonly verify: boolean;
}

/** XFS of versions 4 and 5 over a disk whose log was already dealt with. */
export class XfsFileSystem implements FileSystem {
  readonly facts: FileSystemFacts;
  readonly root: number;
  readonly #parts: XfsParts;

  constructor(parts: XfsParts) {
    this.facts = parts.facts;
    this.root = parts.superblock.rootInode;
    this.#parts = parts;
  }

  async stat(id: number, signal: AbortSignal): Promise<NodeInfo> {
    const inode = await this.#inode(id, signal);
    const kind = kindOfMode(inode.mode);
    return {
      id,
      kind,
      size: inode.size,
      allocated: inode.blocks * this.#parts.superblock.blockSize,
      links: inode.links,
      times: inode.times,
      mode: inode.mode & 0o7777,
      owner: { uid: inode.uid, gid: inode.gid },
      sid: undefined,
      device: inode.format === forkFormat.device && kind.endsWith('device') ? deviceOf(inode) : undefined,
      attributes: attributesOf(inode),
      streams: [],
      unreadable: whyUnreadable(inode),
    };
  }

  async *entries(directory: number, signal: AbortSignal): AsyncIterable<readonly DirectoryEntry[]> {
    const inode = await this.#inode(directory, signal);
    if (kindOfMode(inode.mode) !== 'directory') throw invalidInput('directory', 'is not a directory');
    const { superblock, limits } = this.#parts;
    if (inode.format === forkFormat.local) {
      yield entriesOfShortForm(inode.fork, superblock.hasTypes);
      return;
    }
    if (inode.size > Math.min(limits.directoryBytes, DIRECTORY_DATA_BYTES))
      throw damaged('directory', 'it claims to be far too large');
    const step = superblock.directoryBlockSize;
    const content = this.#mapped(inode);
    const findRun = findXfsRunOf(inode, this.#parts);
    let lost = 0;
    for (let at = 0; at < inode.size; ) {
      const run = await findRun(at, signal);
      if (run.at === undefined) {
        at = Math.max(at + step, Math.floor((run.start + run.length) / step) * step);
        continue;
      }
      const bytes = await content.read(at, Math.max(step, DIRECTORY_STEP), signal);
      const batch: DirectoryEntry[] = [];
      for (let block = 0; block + step <= bytes.length; block += step) {
        if ((await findRun(at + block, signal)).at === undefined) continue;
        const fields = new Fields(bytes.subarray(block, block + step), 'directory', 'big');
        if (this.#holds(fields, directory)) batch.push(...entriesOfDataBlock(fields, superblock.hasTypes));
        else lost++;
      }
      yield batch;
      at += Math.max(step, bytes.length);
    }
    if (lost > 0) throw damagedBlocks(lost);
  }

  /** Whether a directory's block is as it was written, and that directory's. */
  #holds(block: Fields, directory: number): boolean {
    const { superblock, verify } = this.#parts;
    if (!verify || superblock.version !== 5) return true;
    return (
      block.big64(DIRECTORY_OWNER) === BigInt(directory) && xfsChecksumHolds(block.bytes, DIRECTORY_CHECKSUM)
    );
  }

  async content(id: number, stream: string, signal: AbortSignal): Promise<FileContent> {
    if (stream !== '') throw notFound(`The stream ${stream}`);
    const inode = await this.#inode(id, signal);
    if (kindOfMode(inode.mode) !== 'file') throw invalidInput('file', 'is not a regular file');
    const why = whyUnreadable(inode);
    if (why !== undefined) throw notSupported(`A file ${why}`);
    if (inode.format === forkFormat.local) return new InlineContent(inode.fork.bytes, inode.size);
    return this.#mapped(inode);
  }

  async linkTarget(id: number, signal: AbortSignal): Promise<Uint8Array> {
    const inode = await this.#inode(id, signal);
    if (kindOfMode(inode.mode) !== 'symlink') throw invalidInput('link', 'is not a symbolic link');
    return readXfsLink(inode, this.#parts, signal);
  }

  async #inode(id: number, signal: AbortSignal): Promise<XfsInode> {
    const { disk, superblock, verify } = this.#parts;
    const place = inodePlace(superblock, id);
    if (place === undefined) throw notFound(`Inode ${id}`);
    const raw = new Fields(await disk.read(place, superblock.inodeSize, signal), `inode ${id}`, 'big');
    const inode = parseXfsInode(id, raw);
    if (inode.mode === 0 || inode.links === 0) throw notFound(`Inode ${id}`);
    if (verify && superblock.version === 5 && !xfsChecksumHolds(raw.bytes, 100))
      throw damaged(`inode ${id}`, 'its checksum does not match');
    return inode;
  }

  #mapped(inode: XfsInode): MappedContent {
    return new MappedContent({
      disk: this.#parts.disk,
      size: inode.size,
      findRun: findXfsRunOf(inode, this.#parts),
    });
  }
}

function whyUnreadable(inode: XfsInode): string | undefined {
  const realtime = inode.flags & xfsFlag.realtime && kindOfMode(inode.mode) === 'file';
  return realtime ? 'kept on the volume’s realtime device' : undefined;
}

/** 14 bits major, 18 bits minor. */
function deviceOf(inode: XfsInode): { major: number; minor: number } {
  const device = inode.fork.u32(0);
  return { major: (device >>> 18) & 0x3fff, minor: device & 0x3ffff };
}

function attributesOf(inode: XfsInode): string[] {
  const attributes: string[] = [];
  if (inode.flags & xfsFlag.immutable) attributes.push('immutable');
  if (inode.flags & xfsFlag.appendOnly) attributes.push('append-only');
  return attributes;
}
