import { bytesOfText } from '../tree/index.ts';
import type { VolumeFacts } from '../volume.ts';

type Matches = (facts: VolumeFacts, value: string) => boolean;

const byUuid: Matches = (facts, value) => alike(facts.uuid, value);
const byLabel: Matches = (facts, value) => facts.label !== '' && facts.label === value;
const byPartLabel: Matches = (facts, value) => facts.partitionScheme === 'gpt' && facts.placeName === value;

/** Partitions of the older kind go by their disk's signature and their number. */
const byPartUuid: Matches = (facts, value) =>
  facts.partitionScheme === 'mbr'
    ? alike(`${facts.diskId}-${facts.partition.toString(16).padStart(2, '0')}`, value)
    : alike(facts.partitionId, value);

const TAGS: Readonly<Record<string, Matches>> = {
  UUID: byUuid,
  LABEL: byLabel,
  PARTUUID: byPartUuid,
  PARTLABEL: byPartLabel,
};

const LINKS: Readonly<Record<string, Matches>> = {
  '/dev/disk/by-uuid/': byUuid,
  '/dev/disk/by-label/': byLabel,
  '/dev/disk/by-partuuid/': byPartUuid,
  '/dev/disk/by-partlabel/': byPartLabel,
};

/**
 * Names that the kernel gives in the order of discovery. Only the first disk's are certain: the disks behind it
 * change places with a virtual machine's temporary one.
 */
const FIRST_DISK = /^\/dev\/(?:(?:[shv]d|xvd)a|nvme0n1p|disk\/azure\/root-part)(\d{1,3})$/;

/** The volume that a line of fstab means; undefined when no volume, or none for certain, is meant. */
export function volumeOfDevice(device: string, volumes: readonly VolumeFacts[]): VolumeFacts | undefined {
  const tag = /^([A-Z]+)=(.+)$/.exec(device);
  const byTag = TAGS[tag?.[1] ?? ''];
  if (byTag !== undefined) return volumes.find((facts) => byTag(facts, tag?.[2] ?? ''));
  for (const [folder, matches] of Object.entries(LINKS))
    if (device.startsWith(folder))
      return volumes.find((facts) => matches(facts, unescaped(device.slice(folder.length))));
  const number = FIRST_DISK.exec(device)?.[1];
  if (number !== undefined)
    return volumes.find((facts) => facts.disk === 0 && facts.partition === Number(number));
  const name = logicalName(device);
  return name === undefined
    ? undefined
    : volumes.find((facts) => isLogical(facts) && facts.placeName === name);
}

/** `group/volume` from the two ways to write it; the mapper doubles every dash that is part of a name. */
function logicalName(device: string): string | undefined {
  const mapped = /^\/dev\/mapper\/(.+)$/.exec(device)?.[1];
  if (mapped === undefined) return /^\/dev\/([^/]+\/[^/]+)$/.exec(device)?.[1];
  const parts = /^((?:[^-]|--)+)-((?:[^-]|--)+)$/.exec(mapped);
  return parts === null ? undefined : `${parts[1]}/${parts[2]}`.replaceAll('--', '-');
}

function isLogical(facts: VolumeFacts): boolean {
  return facts.partitionScheme === 'none' && facts.placeName !== '';
}

/** udev writes `\x20` for what may not be part of a name of a link. */
function unescaped(name: string): string {
  return Buffer.from(bytesOfText(name)).toString('utf8');
}

function alike(known: string, value: string): boolean {
  return known !== '' && known.toLowerCase() === value.toLowerCase();
}
