import { crc32 } from 'node:zlib';
import { DiskSlice, Fields, guidText, type ReadableDisk } from '../disk/index.ts';
import type { VolumeLimits } from '../tree/index.ts';
import type { Partition, PartitionTable } from './partition.ts';

const SIGNATURE = 'EFI PART';
const EMPTY = '00000000-0000-0000-0000-000000000000';

/**
 * The GUID partition table of a disk with sectors of `sector` bytes, from its primary header or, when that
 * is damaged, from the backup at the disk's end. Undefined when there is neither.
 * Layout: UEFI specification 2.10, section 5.3.
 */
export async function readGpt(
  disk: ReadableDisk,
  options: { sector: number; limits: VolumeLimits },
  signal: AbortSignal,
): Promise<PartitionTable | undefined> {
  const last = Math.floor(disk.size / options.sector) - 1;
  const primary = await readHeader(disk, { ...options, at: 1 }, signal);
  if (primary !== undefined) return { scheme: 'gpt', ...primary, note: '' };
  const backup = last > 1 ? await readHeader(disk, { ...options, at: last }, signal) : undefined;
  if (backup === undefined) return undefined;
  return {
    scheme: 'gpt',
    ...backup,
    note: 'The partition table at the start of the disk is damaged; its backup at the end was used.',
  };
}

interface HeaderPlace {
  readonly sector: number;
  readonly at: number;
  readonly limits: VolumeLimits;
}

async function readHeader(
  disk: ReadableDisk,
  place: HeaderPlace,
  signal: AbortSignal,
): Promise<Pick<PartitionTable, 'diskId' | 'partitions'> | undefined> {
  const { sector, at } = place;
  if ((at + 1) * sector > disk.size) return undefined;
  const header = new Fields(await disk.read(at * sector, sector, signal), 'GPT header');
  if (header.ascii(0, 8) !== SIGNATURE || !headerIsIntact(header)) return undefined;
  const count = header.u32(80);
  const entrySize = header.u32(84);
  const bytes = count * entrySize;
  const start = Number(header.big64(72)) * sector;
  if (entrySize < 128 || entrySize > 4096 || bytes > 1_048_576 || start + bytes > disk.size) return undefined;
  const table = await disk.read(start, bytes, signal);
  if (crc32(table) !== header.u32(88)) return undefined;
  const entries = new Fields(table, 'GPT entries');
  return {
    diskId: guidText(header.slice(56, 16)),
    partitions: readEntries(entries, { ...place, entrySize, diskSize: disk.size }),
  };
}

function headerIsIntact(header: Fields): boolean {
  const length = header.u32(12);
  if (length < 92 || length > header.length) return false;
  const copy = Uint8Array.from(header.slice(0, length));
  copy.fill(0, 16, 20);
  return crc32(copy) === header.u32(16);
}

function readEntries(
  table: Fields,
  options: HeaderPlace & { entrySize: number; diskSize: number },
): Partition[] {
  const partitions: Partition[] = [];
  for (let index = 0; (index + 1) * options.entrySize <= table.length; index++) {
    const entry = new Fields(table.slice(index * options.entrySize, options.entrySize), 'GPT entry');
    const type = guidText(entry.slice(0, 16));
    if (type === EMPTY) continue;
    const start = Number(entry.big64(32)) * options.sector;
    const size = (Number(entry.big64(40)) + 1) * options.sector - start;
    if (size <= 0 || start >= options.diskSize || partitions.length >= options.limits.volumes) continue;
    const name = Buffer.from(entry.slice(56, 72)).toString('utf16le').replace(/\0.*$/s, '');
    partitions.push({ number: index + 1, start, size, type, name, uuid: guidText(entry.slice(16, 16)) });
  }
  return partitions;
}

/** A partition as a disk of its own. */
export function partitionDisk(disk: ReadableDisk, partition: Partition): ReadableDisk {
  return new DiskSlice(disk, partition.start, partition.size);
}
