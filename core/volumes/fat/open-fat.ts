import { damaged, Fields, type ReadableDisk } from '../disk/index.ts';
import type { FileSystem, VolumeLimits } from '../tree/index.ts';
import { type FatGeometry, parseFatBootSector } from './boot-sector.ts';
import { FatTable } from './cluster-chain.ts';
import { FatDirectoryReader } from './directory.ts';
import { FatFileSystem } from './fat-file-system.ts';

const BITS = { fat12: 12, fat16: 16, fat32: 28 } as const;

/**
 * Opens a FAT12, FAT16 or FAT32 volume.
 * @throws AppError `damaged`
 */
export async function openFat(
  disk: ReadableDisk,
  limits: VolumeLimits,
  signal: AbortSignal,
): Promise<FileSystem> {
  if (disk.size < 512) throw damaged('FAT boot sector', 'the volume is too small');
  const geometry = parseFatBootSector(new Fields(await disk.read(0, 512, signal), 'FAT boot sector'));
  const { kind, clusters } = geometry;
  const table = new FatTable({ disk, start: geometry.table, bits: BITS[kind], clusters });
  const dirty = geometry.markedDirty || (await tableSaysDirty(table, kind, signal));
  const facts = {
    kind,
    label: (await rootLabel({ disk, geometry }, signal)) ?? withoutDefault(geometry.label),
    uuid: geometry.serial,
    size: geometry.size,
    blockSize: geometry.clusterSize,
    state: dirty ? ('dirty' as const) : ('clean' as const),
    note: dirty ? 'It was not unmounted properly; the last changes may be incomplete.' : '',
    caseSensitive: false,
    localTimes: true,
  };
  return new FatFileSystem({ disk, geometry, table, facts, limits });
}

/** A bit of the table's second entry is cleared while the volume is in use; FAT12 has none. */
async function tableSaysDirty(
  table: FatTable,
  kind: FatGeometry['kind'],
  signal: AbortSignal,
): Promise<boolean> {
  if (kind === 'fat12') return false;
  const bit = kind === 'fat16' ? 0x8000 : 0x8000000;
  return ((await table.entry(1, signal)) & bit) === 0;
}

/** The label in the root directory is the one that systems show; the first sectors are enough to find it. */
async function rootLabel(
  { disk, geometry }: { disk: ReadableDisk; geometry: FatGeometry },
  signal: AbortSignal,
): Promise<string | undefined> {
  const reader = new FatDirectoryReader();
  const wide = geometry.kind === 'fat32';
  const place = wide ? geometry.data + (geometry.rootCluster - 2) * geometry.clusterSize : geometry.root;
  const length = wide ? geometry.clusterSize : geometry.rootBytes;
  if (place < 0 || place + length > disk.size) return undefined;
  reader.take(await disk.read(place, length, signal), place);
  return reader.label;
}

function withoutDefault(label: string): string {
  return label === 'NO NAME' ? '' : label;
}
