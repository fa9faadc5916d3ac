import {
  damaged,
  damagedBlocks,
  Fields,
  invalidInput,
  notFound,
  notSupported,
  type ReadableDisk,
} from '../disk/index.ts';
import {
  type DirectoryEntry,
  type FileContent,
  type FileSystem,
  type FileSystemFacts,
  fileNameFromBytes,
  InlineContent,
  isUsableName,
  MappedContent,
  type NodeInfo,
  type VolumeLimits,
} from '../tree/index.ts';
import { findRunOf } from './block-runs.ts';
import { findChangedRun } from './changed-inode.ts';
import { directoryBlockHolds, inodeSeed } from './checksums.ts';
import { entriesOfBlock } from './directory.ts';
import type { FastCommits, NameChange } from './fast-commits.ts';
import { inlineParts } from './inline-data.ts';
import { type ExtInode, inodeFlag, kindOfMode } from './inode.ts';
import { InodeTable } from './inode-table.ts';
import { type ExtSuperblock, incompat } from './superblock.ts';

const DIRECTORY_STEP = 256 * 1024;

/** ext2, ext3 and ext4 over a disk whose journal was already dealt with. */
export class ExtFileSystem implements FileSystem {
  readonly facts: FileSystemFacts;
  readonly root = 2;
  readonly #disk: ReadableDisk;
  readonly #superblock: ExtSuperblock;
  readonly #table: InodeTable;
  readonly #limits: VolumeLimits;
  readonly #changes: FastCommits | undefined;

  constructor(parts: {
    disk: ReadableDisk;
    superblock: ExtSuperblock;
    facts: FileSystemFacts;
    limits: VolumeLimits;
    changes: FastCommits | undefined;
  }) {
    this.facts = parts.facts;
    this.#disk = parts.disk;
    this.#superblock = parts.superblock;
    this.#table = new InodeTable(parts.disk, parts.superblock, parts.changes);
    this.#limits = parts.limits;
    this.#changes = parts.changes;
  }

  async stat(id: number, signal: AbortSignal): Promise<NodeInfo> {
    const inode = await this.#inode(id, signal);
    const kind = kindOfMode(inode.mode);
    return {
      id,
      kind,
      size: inode.size,
      allocated: inode.allocated + inlineSectors(inode),
      links: inode.links,
      times: inode.times,
      mode: inode.mode & 0o7777,
      owner: { uid: inode.uid, gid: inode.gid },
      sid: undefined,
      device: kind === 'character-device' || kind === 'block-device' ? deviceOf(inode) : undefined,
      attributes: attributesOf(inode),
      streams: [],
      unreadable: this.#whyUnreadable(inode),
    };
  }

  async *entries(directory: number, signal: AbortSignal): AsyncIterable<readonly DirectoryEntry[]> {
    const changes = this.#changes?.names.get(directory);
    const isNew = this.#changes?.created.has(directory) ?? false;
    if (!isNew || changes === undefined)
      for await (const batch of this.#storedEntries(directory, signal))
        yield changes === undefined ? batch : batch.filter(({ name }) => !changes.has(nameKey(name.bytes)));
    if (changes !== undefined) yield changedEntries(changes);
  }

  async *#storedEntries(directory: number, signal: AbortSignal): AsyncIterable<readonly DirectoryEntry[]> {
    const inode = await this.#inode(directory, signal);
    if (kindOfMode(inode.mode) !== 'directory') throw invalidInput('directory', 'is not a directory');
    this.#refuseUnreadable(inode);
    const hasTypes = (this.#superblock.incompat & incompat.filetype) !== 0;
    if (inode.flags & inodeFlag.inlineData) {
      const { head, tail } = inlineParts(inode);
      yield entriesOfBlock(new Fields(head.subarray(4), 'inline directory'), hasTypes);
      yield entriesOfBlock(new Fields(tail, 'inline directory'), hasTypes);
      return;
    }
    const { blockSize } = this.#superblock;
    if (inode.size > this.#limits.directoryBytes) throw damaged('directory', 'it claims to be far too large');
    const content = this.#mapped(inode);
    const seed = inodeSeed(inode, this.#superblock);
    let lost = 0;
    for (let at = 0; at < inode.size; at += DIRECTORY_STEP) {
      const bytes = await content.read(at, DIRECTORY_STEP, signal);
      const batch: DirectoryEntry[] = [];
      for (let block = 0; block + blockSize <= bytes.length; block += blockSize) {
        const fields = new Fields(bytes.subarray(block, block + blockSize), 'directory');
        if (fields.u16(4) === 0 && fields.u32(0) === 0) continue;
        const isFirst = at + block === 0;
        if (seed === undefined || directoryBlockHolds(fields, { inode, seed, isFirst }))
          batch.push(...entriesOfBlock(fields, hasTypes));
        else lost++;
      }
      yield batch;
    }
    if (lost > 0) throw damagedBlocks(lost);
  }

  async content(id: number, stream: string, signal: AbortSignal): Promise<FileContent> {
    if (stream !== '') throw notFound(`The stream ${stream}`);
    const inode = await this.#inode(id, signal);
    if (kindOfMode(inode.mode) !== 'file') throw invalidInput('file', 'is not a regular file');
    this.#refuseUnreadable(inode);
    return this.#contentOf(inode);
  }

  async linkTarget(id: number, signal: AbortSignal): Promise<Uint8Array> {
    const inode = await this.#inode(id, signal);
    if (kindOfMode(inode.mode) !== 'symlink') throw invalidInput('link', 'is not a symbolic link');
    this.#refuseUnreadable(inode);
    if (inode.size > 65536) throw damaged('symbolic link', 'its target is far too long');
    const fast = inode.size < 60 && !(inode.flags & (inodeFlag.extents | inodeFlag.inlineData));
    if (fast) return Uint8Array.from(inode.map.slice(0, inode.size));
    return this.#contentOf(inode).read(0, inode.size, signal);
  }

  /** An inode in use; free ones are not found. */
  async #inode(id: number, signal: AbortSignal): Promise<ExtInode> {
    const inode = await this.#table.read(id, signal);
    if (inode.mode === 0 || (inode.links === 0 && id !== this.root)) throw notFound(`Inode ${id}`);
    if (!this.#table.checksumHolds(inode)) throw damaged(`inode ${id}`, 'its checksum does not match');
    return inode;
  }

  #contentOf(inode: ExtInode): FileContent {
    if (!(inode.flags & inodeFlag.inlineData)) return this.#mapped(inode);
    const { head, tail } = inlineParts(inode);
    return new InlineContent(Buffer.concat([head, tail]), inode.size);
  }

  #mapped(inode: ExtInode): MappedContent {
    const stored = findRunOf(inode, { disk: this.#disk, superblock: this.#superblock });
    const ranges = this.#changes?.ranges.get(inode.number);
    const changed = ranges !== undefined && kindOfMode(inode.mode) !== 'directory';
    const findRun = changed ? findChangedRun(stored, ranges, this.#superblock.blockSize) : stored;
    return new MappedContent({ disk: this.#disk, size: inode.size, findRun });
  }

  #whyUnreadable(inode: ExtInode): string | undefined {
    if (inode.flags & inodeFlag.encrypted) return 'encrypted by the guest (fscrypt)';
    if (this.#superblock.incompat & incompat.compression && inode.flags & inodeFlag.compressed)
      return 'compressed in a way that no kernel reads';
    return undefined;
  }

  #refuseUnreadable(inode: ExtInode): void {
    const why = this.#whyUnreadable(inode);
    if (why !== undefined) throw notSupported(`A file or folder ${why}`);
  }
}

function nameKey(name: Uint8Array): string {
  return Buffer.from(name).toString('latin1');
}

function changedEntries(changes: ReadonlyMap<string, NameChange>): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (const { name, inode } of changes.values())
    if (inode !== undefined && isUsableName(name))
      entries.push({ name: fileNameFromBytes(name), id: inode, kind: undefined });
  return entries;
}

/** The kernel counts inline content as whole sectors, so that no tool takes the file for a hole. */
function inlineSectors(inode: ExtInode): number {
  const inline = kindOfMode(inode.mode) === 'file' && (inode.flags & inodeFlag.inlineData) !== 0;
  return inline ? Math.ceil(inode.size / 512) * 512 : 0;
}

/** Small numbers are in the first word of the map in the old form, others in the second in the new form. */
function deviceOf(inode: ExtInode): { major: number; minor: number } {
  const old = inode.map.u32(0);
  if (old !== 0) return { major: (old >> 8) & 0xff, minor: old & 0xff };
  const wide = inode.map.u32(4);
  return { major: (wide >>> 8) & 0xfff, minor: (wide & 0xff) | ((wide >>> 12) & 0xfff00) };
}

function attributesOf(inode: ExtInode): string[] {
  const { flags } = inode;
  const attributes: string[] = [];
  if (flags & inodeFlag.immutable) attributes.push('immutable');
  if (flags & inodeFlag.appendOnly) attributes.push('append-only');
  if (flags & inodeFlag.encrypted) attributes.push('encrypted');
  if (flags & inodeFlag.verity) attributes.push('verity');
  if (flags & inodeFlag.casefold) attributes.push('casefold');
  return attributes;
}
