import { Fields, type ReadableDisk } from '../disk/index.ts';
import type { VolumeLimits } from '../tree/index.ts';
import type { Partition, PartitionTable } from './partition.ts';

const EXTENDED = [0x05, 0x0f, 0x85];
const PROTECTIVE = 0xee;

interface Entry {
  readonly type: number;
  readonly status: number;
  readonly first: number;
  readonly count: number;
}

/**
 * The master boot record's partitions with the logical ones, or undefined when there is no such table.
 * A boot sector of a file system ends with the same two bytes: its "entries" are refused by their status
 * bytes and ranges.
 */
export async function readMbr(
  disk: ReadableDisk,
  options: { sector: number; limits: VolumeLimits },
  signal: AbortSignal,
): Promise<PartitionTable | undefined> {
  const record = await readTable(disk, 0, signal);
  if (record === undefined) return undefined;
  const { entries, signature } = record;
  const sectors = Math.ceil(disk.size / options.sector);
  const used = entries.filter((entry) => entry.type !== 0 && entry.count > 0);
  const sane = entries.every((entry) => entry.status === 0 || entry.status === 0x80);
  if (used.length === 0 || !sane) return undefined;
  if (used.some((entry) => entry.first === 0 || entry.first >= sectors)) return undefined;
  if (used.some((entry) => entry.type === PROTECTIVE)) return undefined;
  const partitions: Partition[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.type === 0 || entry.count === 0) continue;
    if (!EXTENDED.includes(entry.type)) partitions.push(partitionOf(index + 1, entry, options.sector));
  }
  const extended = entries.find((entry) => EXTENDED.includes(entry.type));
  const logical = extended === undefined ? [] : await readLogical(disk, { ...options, extended }, signal);
  return { scheme: 'mbr', diskId: signature, partitions: [...partitions, ...logical], note: '' };
}

/** Follows the chain of extended boot records; a chain that turns back ends there. */
async function readLogical(
  disk: ReadableDisk,
  options: { extended: Entry; sector: number; limits: VolumeLimits },
  signal: AbortSignal,
): Promise<Partition[]> {
  const { extended } = options;
  const found: Partition[] = [];
  const seen = new Set<number>();
  let at = extended.first;
  while (!seen.has(at) && found.length < options.limits.volumes) {
    seen.add(at);
    const [own, next] = (await readTable(disk, at * options.sector, signal))?.entries ?? [];
    if (own !== undefined && own.type !== 0 && own.count > 0)
      found.push(partitionOf(found.length + 5, { ...own, first: at + own.first }, options.sector));
    if (next === undefined || !EXTENDED.includes(next.type) || next.first === 0) break;
    at = extended.first + next.first;
  }
  return found.filter((partition) => partition.start < disk.size);
}

/** One boot record: the main one also holds the disk's signature. */
async function readTable(
  disk: ReadableDisk,
  at: number,
  signal: AbortSignal,
): Promise<{ entries: Entry[]; signature: string } | undefined> {
  if (at + 512 > disk.size) return undefined;
  const sector = new Fields(await disk.read(at, 512, signal), 'boot record');
  if (sector.u16(510) !== 0xaa55) return undefined;
  const entries = [0, 1, 2, 3].map((index) => {
    const base = 446 + index * 16;
    return {
      status: sector.u8(base),
      type: sector.u8(base + 4),
      first: sector.u32(base + 8),
      count: sector.u32(base + 12),
    };
  });
  return { entries, signature: sector.u32(440).toString(16).padStart(8, '0') };
}

function partitionOf(number: number, entry: Entry, sector: number): Partition {
  return {
    number,
    start: entry.first * sector,
    size: entry.count * sector,
    type: `0x${entry.type.toString(16).padStart(2, '0')}`,
    name: '',
    uuid: '',
  };
}
