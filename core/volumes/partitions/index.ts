import type { ReadableDisk } from '../disk/index.ts';
import type { VolumeLimits } from '../tree/index.ts';
import { readGpt } from './gpt.ts';
import { readMbr } from './mbr.ts';
import type { PartitionTable } from './partition.ts';

export { partitionDisk } from './gpt.ts';
export type { Partition, PartitionScheme, PartitionTable } from './partition.ts';

/** The partition table of a disk, with sectors of 512 or 4096 bytes; `none` when the disk has no table. */
export async function readPartitionTable(
  disk: ReadableDisk,
  limits: VolumeLimits,
  signal: AbortSignal,
): Promise<PartitionTable> {
  for (const sector of [512, 4096]) {
    const gpt = await readGpt(disk, { sector, limits }, signal);
    if (gpt !== undefined) return gpt;
  }
  const mbr = await readMbr(disk, { sector: 512, limits }, signal);
  return mbr ?? { scheme: 'none', diskId: '', partitions: [], note: '' };
}
