import { Fields, guidText } from '../disk/index.ts';
import type { FileContent } from '../tree/index.ts';
import { RegistryHive } from './registry-hive.ts';

/** How Windows remembers a volume that has a letter. */
export interface LetteredVolume {
  /** `C:` */
  readonly letter: string;
  /** The partition's own id on a disk with a GUID partition table, else empty. */
  readonly partitionId: string;
  /** The disk's signature (eight hexadecimal digits) and the partition's place, where the table is of the older kind. */
  readonly diskId: string;
  readonly offset: number;
}

const KEY = 'MountedDevices';
const LETTER = /^\\DosDevices\\([A-Z]:)$/i;
const GPT_PREFIX = 'DMIO:ID:';

/**
 * The drive letters that a Windows system had given out, from its SYSTEM hive. Letters of what is no partition
 * (optical drives and the like) are left out.
 * @throws AppError `damaged`
 */
export async function readDriveLetters(hive: FileContent, signal: AbortSignal): Promise<LetteredVolume[]> {
  const registry = await RegistryHive.open(hive, signal);
  const key = await registry.child(registry.root, KEY, signal);
  if (key === undefined) return [];
  return (await registry.values(key, signal)).flatMap(({ name, data }) => {
    const letter = LETTER.exec(name)?.[1]?.toUpperCase();
    const volume = letter === undefined ? undefined : volumeOf(new Fields(data, 'mounted device'));
    return letter === undefined || volume === undefined ? [] : [{ letter, ...volume }];
  });
}

function volumeOf(data: Fields): Omit<LetteredVolume, 'letter'> | undefined {
  if (data.length === 12) {
    const diskId = data.u32(0).toString(16).padStart(8, '0');
    return { partitionId: '', diskId, offset: Number(data.big64(4)) };
  }
  if (data.length === 24 && data.ascii(0, 8) === GPT_PREFIX)
    return { partitionId: guidText(data.slice(8, 16)), diskId: '', offset: 0 };
  return undefined;
}
