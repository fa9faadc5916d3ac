import { damaged, type Fields } from '../disk/index.ts';

/** What the first sector of an NTFS volume says. */
export interface NtfsGeometry {
  readonly clusterSize: number;
  readonly clusters: number;
  readonly recordSize: number;
  readonly mftCluster: number;
  readonly mirrorCluster: number;
  /** Bytes of the volume. */
  readonly size: number;
  readonly serial: string;
}

export function parseBootSector(fields: Fields): NtfsGeometry {
  const sector = fields.u16(11);
  const clusterSize = sector * scaled(fields.u8(13));
  const sectors = fields.u64(40);
  const recordCode = fields.i8(64);
  const geometry = {
    clusterSize,
    clusters: Math.floor((sectors * sector) / Math.max(1, clusterSize)),
    recordSize: recordCode > 0 ? recordCode * clusterSize : 2 ** -recordCode,
    mftCluster: fields.u64(48),
    mirrorCluster: fields.u64(56),
    size: sectors * sector,
    serial: fields.big64(72).toString(16).padStart(16, '0').toUpperCase(),
  };
  const sane =
    fields.ascii(3, 8) === 'NTFS    ' &&
    [512, 1024, 2048, 4096].includes(sector) &&
    isPowerBetween(clusterSize, 512, 2 * 1024 * 1024) &&
    isPowerBetween(geometry.recordSize, 512, 65536) &&
    geometry.mftCluster > 0 &&
    geometry.mftCluster < geometry.clusters;
  if (!sane) throw damaged('NTFS boot sector', 'its sizes contradict each other');
  return geometry;
}

/** Sectors in a cluster; large clusters are written as a negative power of two. */
function scaled(code: number): number {
  return code > 128 ? 2 ** (256 - code) : code;
}

function isPowerBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && (value & (value - 1)) === 0;
}
