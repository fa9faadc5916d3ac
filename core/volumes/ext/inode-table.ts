import { crc32c, damaged, Fields, notFound, type ReadableDisk } from '../disk/index.ts';
import { changedInode } from './changed-inode.ts';
import { inodeSeed } from './checksums.ts';
import type { FastCommits } from './fast-commits.ts';
import { type ExtInode, parseInode } from './inode.ts';
import { type ExtSuperblock, incompat } from './superblock.ts';

/** Finds inodes by their numbers. */
export class InodeTable {
  readonly #disk: ReadableDisk;
  readonly #superblock: ExtSuperblock;
  /** Byte offset of each group's table, as found so far. */
  readonly #tables = new Map<number, number>();

  readonly #changes: FastCommits | undefined;

  constructor(disk: ReadableDisk, superblock: ExtSuperblock, changes?: FastCommits) {
    this.#disk = disk;
    this.#superblock = superblock;
    this.#changes = changes;
  }

  /** @throws AppError `not-found` for a number that the volume cannot have */
  async read(number: number, signal: AbortSignal): Promise<ExtInode> {
    const { inodes, inodesPerGroup, inodeSize, blockSize } = this.#superblock;
    if (!Number.isInteger(number) || number < 1 || number > inodes) throw notFound(`Inode ${number}`);
    const group = Math.floor((number - 1) / inodesPerGroup);
    const table = this.#tables.get(group) ?? (await this.#findTable(group, signal));
    const at = table + ((number - 1) % inodesPerGroup) * inodeSize;
    const bytes = await this.#disk.read(at, inodeSize, signal);
    const logged = this.#changes?.inodes.get(number);
    const raw = new Fields(logged === undefined ? bytes : changedInode(bytes, logged), `inode ${number}`);
    return parseInode(number, raw, blockSize);
  }

  /** Whether the inode's checksum holds; true where the volume has none, or the inode is from the journal. */
  checksumHolds(inode: ExtInode): boolean {
    const seed = inodeSeed(inode, this.#superblock);
    if (seed === undefined || this.#changes?.inodes.has(inode.number)) return true;
    const { raw } = inode;
    const copy = new Uint8Array(raw.bytes);
    const wide = raw.length > 128 && raw.u16(0x80) >= 4;
    copy.fill(0, 0x7c, 0x7e);
    if (wide) copy.fill(0, 0x82, 0x84);
    const crc = crc32c(seed, copy);
    return wide ? crc === raw.u16(0x7c) + raw.u16(0x82) * 65536 : (crc & 0xffff) === raw.u16(0x7c);
  }

  async #findTable(group: number, signal: AbortSignal): Promise<number> {
    const { descriptorSize, blockSize, blocks } = this.#superblock;
    const perBlock = Math.floor(blockSize / descriptorSize);
    const block = this.#descriptorBlock(Math.floor(group / perBlock));
    const at = block * blockSize + (group % perBlock) * descriptorSize;
    const fields = new Fields(await this.#disk.read(at, descriptorSize, signal), 'group descriptor');
    const high = descriptorSize >= 64 ? fields.u32(0x28) * 0x1_0000_0000 : 0;
    const table = fields.u32(8) + high;
    if (table === 0 || table >= blocks)
      throw damaged('group descriptor', 'its inode table is off the volume');
    this.#tables.set(group, table * blockSize);
    return table * blockSize;
  }

  /** Block of the `index`th block of group descriptors. */
  #descriptorBlock(index: number): number {
    const { firstDataBlock, blocksPerGroup, blockSize, descriptorSize } = this.#superblock;
    const meta = this.#superblock.incompat & incompat.metaGroups && index >= this.#superblock.firstMetaGroup;
    if (!meta) return firstDataBlock + 1 + index;
    const firstGroup = index * Math.floor(blockSize / descriptorSize);
    const withSuper = this.#superblock.sparse(firstGroup) ? 1 : 0;
    return firstDataBlock + firstGroup * blocksPerGroup + withSuper;
  }
}
