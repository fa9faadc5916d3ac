import { damaged, type Fields } from '../disk/index.ts';

/** What the boot sector of an exFAT volume says (Microsoft's exFAT specification, section 3.1). */
export interface ExfatGeometry {
  readonly clusterSize: number;
  readonly clusters: number;
  /** Byte offsets on the volume. */
  readonly table: number;
  readonly data: number;
  readonly rootCluster: number;
  readonly size: number;
  readonly serial: string;
  readonly markedDirty: boolean;
}

export function parseExfatBootSector(fields: Fields): ExfatGeometry {
  const sectorBits = fields.u8(108);
  const clusterBits = sectorBits + fields.u8(109);
  if (sectorBits < 9 || sectorBits > 12 || clusterBits > 25)
    throw damaged('exFAT boot sector', 'its sizes make no sense');
  const sector = 2 ** sectorBits;
  const flags = fields.u16(106);
  const secondTable = flags & 1 && fields.u8(110) === 2 ? fields.u32(84) : 0;
  const serial = fields.u32(100).toString(16).padStart(8, '0').toUpperCase();
  const geometry = {
    clusterSize: 2 ** clusterBits,
    clusters: fields.u32(92),
    table: (fields.u32(80) + secondTable) * sector,
    data: fields.u32(88) * sector,
    rootCluster: fields.u32(96),
    size: fields.u64(72) * sector,
    serial: `${serial.slice(0, 4)}-${serial.slice(4)}`,
    markedDirty: (flags & 2) !== 0,
  };
  const room = geometry.size - geometry.data;
  if (geometry.table === 0 || geometry.data === 0 || geometry.clusters * geometry.clusterSize > room)
    throw damaged('exFAT boot sector', 'its sizes contradict each other');
  return geometry;
}
