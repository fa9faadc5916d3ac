import type { FileVolume } from '../../contract/index.ts';
import type { ContentKind, Volume } from '../../volumes/index.ts';

/** Kinds that hold no files of anybody. */
const INCIDENTAL: readonly ContentKind[] = ['swap', 'lvm-member', 'empty'];

/** A volume in the shape of the contract; `guestPlaces` are its drive letters or mount points. */
export function fileVolume(volume: Volume, guestPlaces: readonly string[]): FileVolume {
  const { facts } = volume;
  const fileSystem = volume.readable ? volume.fileSystem.facts : undefined;
  const { id, disk, partition, kind, kindName, label, uuid, placeName, state, note } = facts;
  return {
    ...{ id, disk, partition, kind, kindName, label, uuid, placeName, state, note },
    name: guestPlaces[0] ?? (label.trim() || placeName.trim() || placeText(volume)),
    guestPlaces: [...guestPlaces],
    sizeBytes: facts.size,
    readable: volume.readable,
    incidental: INCIDENTAL.includes(kind),
    caseSensitive: fileSystem?.caseSensitive ?? true,
    localTimes: fileSystem?.localTimes ?? false,
  };
}

function placeText({ facts }: Volume): string {
  return facts.partition === 0 ? `Disk ${facts.disk}` : `Disk ${facts.disk} partition ${facts.partition}`;
}
