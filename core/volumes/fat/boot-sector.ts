import { damaged, type Fields } from '../disk/index.ts';

/** What the boot sector of a FAT volume says; the kind follows from the number of clusters alone. */
export interface FatGeometry {
  readonly kind: 'fat12' | 'fat16' | 'fat32';
  readonly sector: number;
  readonly clusterSize: number;
  readonly clusters: number;
  /** Byte offsets on the volume. */
  readonly table: number;
  readonly root: number;
  readonly data: number;
  /** Bytes of the fixed root directory of FAT12 and FAT16. */
  readonly rootBytes: number;
  /** First cluster of FAT32's root directory, else 0. */
  readonly rootCluster: number;
  readonly size: number;
  readonly serial: string;
  readonly label: string;
  /** The mark that Linux and Windows set while the volume is in use. */
  readonly markedDirty: boolean;
}

export function parseFatBootSector(fields: Fields): FatGeometry {
  const sector = fields.u16(11);
  const perCluster = fields.u8(13);
  const perTable = fields.u16(22) || fields.u32(36);
  const sectors = fields.u16(19) || fields.u32(32);
  const rootBytes = fields.u16(17) * 32;
  const table = fields.u16(14) * sector;
  const root = table + fields.u8(16) * perTable * sector;
  const data = root + Math.ceil(rootBytes / sector) * sector;
  const clusters = Math.floor((sectors * sector - data) / (perCluster * sector));
  const kind = clusters < 4085 ? 'fat12' : clusters < 65525 ? 'fat16' : 'fat32';
  const wide = kind === 'fat32';
  const bits = kind === 'fat12' ? 12 : kind === 'fat16' ? 16 : 32;
  if (!(clusters > 0) || ((clusters + 2) * bits) / 8 > perTable * sector)
    throw damaged('FAT boot sector', 'its sizes contradict each other');
  const serial = fields
    .u32(wide ? 67 : 39)
    .toString(16)
    .padStart(8, '0')
    .toUpperCase();
  return {
    kind,
    sector,
    clusterSize: perCluster * sector,
    clusters,
    table: table + (wide ? activeTable(fields) * perTable * sector : 0),
    root,
    data,
    rootBytes,
    rootCluster: wide ? fields.u32(44) : 0,
    size: sectors * sector,
    serial: `${serial.slice(0, 4)}-${serial.slice(4)}`,
    label: fields.ascii(wide ? 71 : 43, 11).trim(),
    markedDirty: (fields.u8(wide ? 65 : 37) & 1) !== 0,
  };
}

/** FAT32 may keep only one of its tables up to date. */
function activeTable(fields: Fields): number {
  const flags = fields.u16(40);
  const active = flags & 0xf;
  return flags & 0x80 && active < fields.u8(16) ? active : 0;
}
