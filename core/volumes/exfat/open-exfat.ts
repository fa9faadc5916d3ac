import { damaged, Fields, type ReadableDisk } from '../disk/index.ts';
import { FatTable } from '../fat/index.ts';
import type { FileSystem, VolumeLimits, VolumeState } from '../tree/index.ts';
import { type ExfatGeometry, parseExfatBootSector } from './boot-sector.ts';
import { ENTRY, entryType } from './entry-set.ts';
import { ExfatFileSystem } from './exfat-file-system.ts';

/**
 * Opens an exFAT volume.
 * @throws AppError `damaged`
 */
export async function openExfat(
  disk: ReadableDisk,
  limits: VolumeLimits,
  signal: AbortSignal,
): Promise<FileSystem> {
  if (disk.size < 512) throw damaged('exFAT boot sector', 'the volume is too small');
  const boot = new Fields(await disk.read(0, 512, signal), 'exFAT boot sector');
  const geometry = parseExfatBootSector(boot);
  const table = new FatTable({ disk, start: geometry.table, bits: 32, clusters: geometry.clusters });
  const facts = {
    kind: 'exfat' as const,
    label: await rootLabel(disk, geometry, signal),
    uuid: geometry.serial,
    size: geometry.size,
    blockSize: geometry.clusterSize,
    ...stateOf(geometry, disk.size),
    caseSensitive: false,
    localTimes: false,
  };
  return new ExfatFileSystem({ disk, geometry, table, facts, limits });
}

/** A volume can be larger than its partition after a copy that was cut short; its start still reads. */
function stateOf(geometry: ExfatGeometry, diskSize: number): { state: VolumeState; note: string } {
  if (geometry.size > diskSize)
    return {
      state: 'dirty',
      note: 'It is larger than its partition; what lies behind the end cannot be read.',
    };
  if (geometry.markedDirty)
    return { state: 'dirty', note: 'It was not unmounted properly; the last changes may be incomplete.' };
  return { state: 'clean', note: '' };
}

/** The label is among the first entries of the root directory. */
async function rootLabel(disk: ReadableDisk, geometry: ExfatGeometry, signal: AbortSignal): Promise<string> {
  const place = geometry.data + (geometry.rootCluster - 2) * geometry.clusterSize;
  if (place < 0 || place + geometry.clusterSize > disk.size)
    throw damaged('exFAT boot sector', 'its root is off the volume');
  const entries = new Fields(
    await disk.read(place, Math.min(geometry.clusterSize, 4096), signal),
    'directory',
  );
  for (let at = 0; at + ENTRY <= entries.length && entries.u8(at) !== 0; at += ENTRY)
    if (entries.u8(at) === entryType.label)
      return Buffer.from(entries.slice(at + 2, Math.min(11, entries.u8(at + 1)) * 2)).toString('utf16le');
  return '';
}
