import { toAppError } from '../contract/index.ts';
import { CachedDisk, MemoryDisk, type ReadableDisk } from './disk/index.ts';
import { openExfat } from './exfat/index.ts';
import { openExt } from './ext/index.ts';
import { openFat } from './fat/index.ts';
import { findLogicalVolumes } from './lvm/index.ts';
import { openNtfs } from './ntfs/index.ts';
import { partitionDisk, readPartitionTable } from './partitions/index.ts';
import { type ContentKind, contentName, hasBootSector, recognise } from './recognise/index.ts';
import { defaultVolumeLimits, type FileSystem, type VolumeLimits } from './tree/index.ts';
import { Volume, type VolumeFacts } from './volume.ts';
import { openXfs } from './xfs/index.ts';

/** A stretch of bytes that may hold a file system, and how it is called. */
interface Place
  extends Pick<
    VolumeFacts,
    'id' | 'disk' | 'partition' | 'placeName' | 'partitionScheme' | 'diskId' | 'partitionId' | 'offset'
  > {
  readonly bytes: ReadableDisk;
  readonly kind: ContentKind;
  /** What was wrong with the table that it was found in. */
  readonly note: string;
}

const noPartition = {
  partition: 0,
  partitionScheme: 'none',
  diskId: '',
  partitionId: '',
  offset: 0,
} as const;

export interface OpenVolumesOptions {
  readonly signal: AbortSignal;
  readonly limits?: Partial<VolumeLimits>;
}

type OpenFileSystem = (disk: ReadableDisk, limits: VolumeLimits, signal: AbortSignal) => Promise<FileSystem>;

const READERS: Partial<Record<ContentKind, OpenFileSystem>> = {
  ext: openExt,
  fat: openFat,
  exfat: openExfat,
  ntfs: openNtfs,
  xfs: openXfs,
};

/**
 * Finds the volumes of the disks of one machine: whole-disk file systems, partitions, logical volumes over
 * several disks. Volumes without a reader and damaged ones are listed too, with their names and reasons.
 * @throws AppError `cancelled`, or what the disks throw
 */
export async function openVolumes(
  disks: readonly ReadableDisk[],
  options: OpenVolumesOptions,
): Promise<Volume[]> {
  const limits = { ...defaultVolumeLimits, ...options.limits };
  const { signal } = options;
  const places: Place[] = [];
  for (const [index, disk] of disks.entries()) {
    const cached = new CachedDisk(disk, { budget: limits.cacheBytes, chunk: limits.chunkBytes });
    places.push(...(await placesOfDisk(cached, { index, limits }, signal)));
  }
  const volumes: Volume[] = [];
  for (const place of places) volumes.push(await openPlace(place, limits, signal));
  const members = places.filter(({ kind }) => kind === 'lvm-member');
  return [...volumes, ...(await logicalVolumes(members, limits, signal))];
}

async function logicalVolumes(
  members: readonly Place[],
  limits: VolumeLimits,
  signal: AbortSignal,
): Promise<Volume[]> {
  if (members.length === 0) return [];
  const disks = members.map(({ bytes }) => bytes);
  const volumes: Volume[] = [];
  const ids = new Set<string>();
  for (const found of await findLogicalVolumes(disks, limits.volumes, signal)) {
    const id = freeId(ids, `${found.group}-${found.name}`);
    const bytes = found.disk ?? new MemoryDisk(new Uint8Array(0));
    const kind = found.disk === undefined ? 'unknown' : await recognise(bytes, '', signal);
    const placeName = `${found.group}/${found.name}`;
    const disk = members[0]?.disk ?? 0;
    const place = { ...noPartition, id, disk, placeName, bytes, kind, note: found.problem };
    volumes.push(await openPlace(place, limits, signal));
  }
  return volumes;
}

/** Names come from the disk: what could mean something in a path is replaced, and no two are alike. */
function freeId(taken: Set<string>, wanted: string): string {
  const safe = wanted.replace(/[^A-Za-z0-9_+.-]/g, '_').slice(0, 255);
  let id = safe;
  for (let count = 2; taken.has(id); count++) id = `${safe}-${count}`;
  taken.add(id);
  return id;
}

async function placesOfDisk(
  disk: ReadableDisk,
  options: { index: number; limits: VolumeLimits },
  signal: AbortSignal,
): Promise<Place[]> {
  const { index, limits } = options;
  const base = { ...noPartition, disk: index, placeName: '', bytes: disk, note: '' };
  if (disk.size === 0) return [];
  const kind = await recognise(disk, '', signal);
  const table = hasBootSector(kind) ? undefined : await readPartitionTable(disk, limits, signal);
  if (table === undefined || table.partitions.length === 0) return [{ ...base, id: `disk${index}`, kind }];
  const places: Place[] = [];
  for (const partition of table.partitions) {
    const bytes = partitionDisk(disk, partition);
    places.push({
      id: `disk${index}-part${partition.number}`,
      disk: index,
      partition: partition.number,
      placeName: partition.name,
      partitionScheme: table.scheme,
      diskId: table.diskId,
      partitionId: partition.uuid,
      offset: partition.start,
      bytes,
      kind: await recognise(bytes, partition.type, signal),
      note: table.note,
    });
  }
  return places;
}

async function openPlace(place: Place, limits: VolumeLimits, signal: AbortSignal): Promise<Volume> {
  const open = READERS[place.kind];
  if (open === undefined) return new Volume(closedFacts(place, 'unsupported', place.note), undefined, limits);
  try {
    const fileSystem = await open(place.bytes, limits, signal);
    const { kind, label, uuid, state, note } = fileSystem.facts;
    const facts: VolumeFacts = {
      ...closedFacts(place, 'unsupported', ''),
      kind,
      kindName: contentName(kind),
      label,
      uuid,
      state,
      note: [place.note, note].filter((part) => part !== '').join(' '),
    };
    return new Volume(facts, fileSystem, limits);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'damaged')
      return new Volume(closedFacts(place, 'damaged', error.message), undefined, limits);
    if (error.code !== 'not-supported') throw error;
    return new Volume(closedFacts(place, 'unsupported', error.message), undefined, limits);
  }
}

function closedFacts(place: Place, state: 'unsupported' | 'damaged', note: string): VolumeFacts {
  const { bytes, ...known } = place;
  return { ...known, kindName: contentName(place.kind), label: '', uuid: '', size: bytes.size, state, note };
}
