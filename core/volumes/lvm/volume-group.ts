import { damaged, notSupported } from '../disk/index.ts';
import {
  type ConfigSection,
  type ConfigValue,
  listIn,
  numberIn,
  parseTextConfig,
  sectionIn,
  sectionsOf,
  textIn,
} from './text-config.ts';

const SECTOR = 512;

/** A piece of a logical volume, laid over one or more stripes. Sizes in bytes. */
export interface Segment {
  readonly start: number;
  readonly size: number;
  /** Bytes on one stripe before the next one follows; the whole segment where there is one stripe. */
  readonly stripeSize: number;
  readonly stripes: readonly { readonly member: string; readonly start: number }[];
}

export interface LogicalVolume {
  readonly name: string;
  readonly uuid: string;
  /** Undefined when it is of a kind that cannot be put together here; then `problem` names that. */
  readonly segments: readonly Segment[] | undefined;
  readonly problem: string;
}

export interface VolumeGroup {
  readonly id: string;
  readonly name: string;
  readonly sequence: number;
  readonly volumes: readonly LogicalVolume[];
}

/** Reads a group's description. Stripes name members by their ids without dashes. */
export function parseVolumeGroup(text: string, mostVolumes: number): VolumeGroup {
  const [found] = sectionsOf(parseTextConfig(text));
  if (found === undefined) throw damaged('LVM metadata', 'it describes no group');
  const [name, group] = found;
  const extent = numberIn(group, 'extent_size') * SECTOR;
  const members = new Map(
    sectionsOf(sectionIn(group, 'physical_volumes')).map(([key, member]) => [
      key,
      { id: textIn(member, 'id').replaceAll('-', ''), start: numberIn(member, 'pe_start') * SECTOR },
    ]),
  );
  const described =
    group['logical_volumes'] === undefined ? [] : sectionsOf(sectionIn(group, 'logical_volumes'));
  const visible = described.filter(([, volume]) => listIn(volume, 'status').includes('VISIBLE'));
  return {
    id: textIn(group, 'id'),
    name,
    sequence: numberIn(group, 'seqno'),
    volumes: visible
      .slice(0, mostVolumes)
      .map(([volumeName, volume]) => parseVolume(volumeName, volume, { extent, members })),
  };
}

interface Layout {
  readonly extent: number;
  readonly members: ReadonlyMap<string, { readonly id: string; readonly start: number }>;
}

function parseVolume(name: string, volume: ConfigSection, layout: Layout): LogicalVolume {
  const uuid = textIn(volume, 'id');
  const segments = sectionsOf(volume).map(([, segment]) => segment);
  const foreign = segments.find((segment) => textIn(segment, 'type') !== 'striped');
  if (foreign !== undefined || segments.length === 0) {
    const type = foreign === undefined ? 'empty' : textIn(foreign, 'type');
    return {
      name,
      uuid,
      segments: undefined,
      problem: notSupported(`An LVM volume of type ${type}`).message,
    };
  }
  const parsed = segments.map((segment) => parseSegment(segment, layout));
  parsed.sort((a, b) => a.start - b.start);
  let end = 0;
  for (const segment of parsed) {
    if (segment.start !== end) throw damaged('LVM metadata', `the volume ${name} has a gap`);
    end += segment.size;
  }
  return { name, uuid, segments: parsed, problem: '' };
}

function parseSegment(segment: ConfigSection, { extent, members }: Layout): Segment {
  const size = numberIn(segment, 'extent_count') * extent;
  const count = numberIn(segment, 'stripe_count');
  const list = listIn(segment, 'stripes');
  const stripeSize = count === 1 ? size : numberIn(segment, 'stripe_size') * SECTOR;
  if (count < 1 || list.length !== count * 2 || size === 0 || stripeSize === 0 || size % count !== 0)
    throw damaged('LVM metadata', 'a segment does not fit its stripes');
  const stripes = Array.from({ length: count }, (_, index) => {
    const member = members.get(String(list[index * 2]));
    const start = wholeNumber(list[index * 2 + 1]);
    if (member === undefined) throw damaged('LVM metadata', 'a stripe is on a member that is not described');
    return { member: member.id, start: member.start + start * extent };
  });
  return { start: numberIn(segment, 'start_extent') * extent, size, stripeSize, stripes };
}

function wholeNumber(value: ConfigValue | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw damaged('LVM metadata', 'a stripe has no place');
  return value;
}
