import { isUnreadable } from '../disk/index.ts';
import type { Volume } from '../volume.ts';
import { readDriveLetters } from './drive-letters.ts';
import { parseFstab } from './fstab.ts';
import { volumeOfDevice } from './linux-devices.ts';

/** A volume and how one installed system calls it. */
interface NamedVolume {
  readonly id: string;
  readonly place: string;
}

const SYSTEM_HIVE = '/Windows/System32/config/SYSTEM';
const FSTAB = '/etc/fstab';
const LONGEST_FSTAB = 256 * 1024;
/** File systems that a Linux system can be installed on. */
const ROOT_KINDS: readonly string[] = ['ext2', 'ext3', 'ext4', 'xfs'];

/**
 * How the guest called its volumes: drive letters from a Windows registry (`C:`), mount points from a Linux
 * /etc/fstab (`/`, `/var`). Volumes of which neither knows are not in the map. With several systems on the
 * disks, what the first one says counts, and no place is given twice; what cannot be read says nothing.
 * @throws AppError `cancelled`, or what the disks throw
 */
export async function guestPlaces(
  volumes: readonly Volume[],
  signal: AbortSignal,
): Promise<Map<string, string[]>> {
  const places = new Map<string, string[]>();
  for (const system of volumes.toSorted((a, b) => a.facts.disk - b.facts.disk)) {
    const named = await unlessUnreadable(() => namesGivenBy(system, volumes, signal));
    const known = new Set(places.keys());
    const taken = new Set([...places.values()].flat());
    for (const { id, place } of named ?? [])
      if (!known.has(id) && !taken.has(place)) {
        places.set(id, [...(places.get(id) ?? []), place]);
        taken.add(place);
      }
  }
  return places;
}

async function namesGivenBy(
  volume: Volume,
  volumes: readonly Volume[],
  signal: AbortSignal,
): Promise<NamedVolume[]> {
  if (!volume.readable) return [];
  if (volume.facts.kind === 'ntfs') return lettersGivenBy(volume, volumes, signal);
  return ROOT_KINDS.includes(volume.facts.kind) ? mountsGivenBy(volume, volumes, signal) : [];
}

async function lettersGivenBy(
  system: Volume,
  volumes: readonly Volume[],
  signal: AbortSignal,
): Promise<NamedVolume[]> {
  const hive = await system.fileSystem.content(await system.resolve(SYSTEM_HIVE, signal), '', signal);
  return (await readDriveLetters(hive, signal)).flatMap(({ letter, partitionId, diskId, offset }) => {
    const found = volumes.find(({ facts }) =>
      partitionId === ''
        ? facts.partitionScheme === 'mbr' && facts.diskId === diskId && facts.offset === offset
        : facts.partitionId === partitionId,
    );
    return found === undefined ? [] : [{ id: found.facts.id, place: letter }];
  });
}

/** The volume that holds the table is the root, whatever the table says of it. */
async function mountsGivenBy(
  system: Volume,
  volumes: readonly Volume[],
  signal: AbortSignal,
): Promise<NamedVolume[]> {
  const id = await system.resolve(FSTAB, signal);
  const bytes = await system.read(id, { offset: 0, length: LONGEST_FSTAB }, signal);
  const facts = volumes.map((volume) => volume.facts);
  const named = parseFstab(bytes).flatMap(({ device, place }) => {
    const found = place === '/' ? undefined : volumeOfDevice(device, facts);
    return found === undefined ? [] : [{ id: found.id, place }];
  });
  return [{ id: system.facts.id, place: '/' }, ...named];
}

async function unlessUnreadable<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (!isUnreadable(thrown)) throw thrown;
    return undefined;
  }
}
