import { toAppError } from '../../contract/index.ts';
import type { ReadableDisk } from '../disk/index.ts';
import { LogicalDisk } from './logical-disk.ts';
import { type PhysicalVolume, readPhysicalVolume } from './physical-volume.ts';
import { type LogicalVolume, parseVolumeGroup, type VolumeGroup } from './volume-group.ts';

/** A logical volume put together, or the reason why it could not be. */
export interface FoundLogicalVolume {
  readonly group: string;
  readonly name: string;
  readonly uuid: string;
  readonly disk: ReadableDisk | undefined;
  readonly problem: string;
}

/**
 * Puts together the volume groups that lie on the given members: the newest description of each group
 * counts. Members that cannot be read are as good as missing.
 */
export async function findLogicalVolumes(
  members: readonly ReadableDisk[],
  mostVolumes: number,
  signal: AbortSignal,
): Promise<FoundLogicalVolume[]> {
  const physical: PhysicalVolume[] = [];
  for (const disk of members) {
    const volume = await unlessDamaged(() => readPhysicalVolume(disk, signal));
    if (volume !== undefined) physical.push(volume);
  }
  const groups = new Map<string, VolumeGroup>();
  for (const text of new Set(physical.flatMap((volume) => volume.texts))) {
    const group = await unlessDamaged(async () => parseVolumeGroup(text, mostVolumes));
    const known = group === undefined ? undefined : groups.get(group.id);
    if (group !== undefined && (known === undefined || known.sequence < group.sequence))
      groups.set(group.id, group);
  }
  const disks = new Map(physical.map((volume) => [volume.uuid, volume.disk]));
  return Array.from(groups.values()).flatMap((group) =>
    group.volumes.map((volume) => assemble(group.name, volume, disks)),
  );
}

function assemble(
  group: string,
  volume: LogicalVolume,
  disks: ReadonlyMap<string, ReadableDisk>,
): FoundLogicalVolume {
  const { name, uuid, segments, problem } = volume;
  if (segments === undefined) return { group, name, uuid, disk: undefined, problem };
  const isMissing = segments.some(({ stripes }) => stripes.some(({ member }) => !disks.has(member)));
  return isMissing
    ? { group, name, uuid, disk: undefined, problem: 'A disk of its volume group is not part of this point.' }
    : { group, name, uuid, disk: new LogicalDisk(segments, disks), problem: '' };
}

async function unlessDamaged<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'damaged') return undefined;
    throw error;
  }
}
