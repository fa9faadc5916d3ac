import { damaged, Fields, type ReadableDisk } from '../disk/index.ts';
import type { FileSystem, VolumeLimits } from '../tree/index.ts';
import { parseBootSector } from './boot-sector.ts';
import { logIsClean } from './log-file.ts';
import { MasterFileTable } from './master-file-table.ts';
import { NtfsFileSystem } from './ntfs-file-system.ts';
import { attributeType } from './record.ts';

const LOG_FILE = 2;
const VOLUME = 3;
const DIRTY = 1;

/**
 * Opens an NTFS volume. Its log is not replayed: a volume copied while in use is shown as it stands on the
 * disk, and says so.
 * @throws AppError `damaged`
 */
export async function openNtfs(
  disk: ReadableDisk,
  limits: VolumeLimits,
  signal: AbortSignal,
): Promise<FileSystem> {
  if (disk.size < 512) throw damaged('NTFS boot sector', 'the volume is too small');
  const geometry = parseBootSector(new Fields(await disk.read(0, 512, signal), 'NTFS boot sector'));
  const table = await MasterFileTable.open({ disk, geometry, mostRuns: limits.fileRuns }, signal);
  const { label, markedDirty } = await readVolumeRecord(table, signal);
  const clean = !markedDirty && (await logOf(table, signal));
  const facts = {
    kind: 'ntfs' as const,
    label,
    uuid: geometry.serial,
    size: geometry.size,
    blockSize: geometry.clusterSize,
    state: clean ? ('clean' as const) : ('dirty' as const),
    note: clean ? '' : 'It was in use when it was copied; changes of the last seconds may be incomplete.',
    caseSensitive: false,
    localTimes: false,
  };
  return new NtfsFileSystem({ table, facts, limits });
}

async function readVolumeRecord(
  table: MasterFileTable,
  signal: AbortSignal,
): Promise<{ label: string; markedDirty: boolean }> {
  const { all } = await table.attributes(VOLUME, signal);
  const name = all.find(({ type }) => type === attributeType.volumeName)?.value;
  const information = all.find(({ type }) => type === attributeType.volumeInformation)?.value;
  return {
    label: name === undefined ? '' : Buffer.from(name.bytes).toString('utf16le'),
    markedDirty: information !== undefined && (information.u16(10) & DIRTY) !== 0,
  };
}

async function logOf(table: MasterFileTable, signal: AbortSignal): Promise<boolean> {
  const { all } = await table.attributes(LOG_FILE, signal);
  const content = table.content(all, attributeType.data, '');
  return content === undefined || logIsClean(content, signal);
}
