/** Length of the footer that follows the last byte of a fixed VHD. */
export const vhdFooterBytes = 512;

export interface VhdFooterFields {
  /** Bytes of the disk; a multiple of 512. */
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** 16 random bytes. */
  readonly uniqueId: Uint8Array;
}

/** VHD counts seconds from 2000-01-01 UTC. */
const vhdEpochMs = Date.UTC(2000, 0, 1);

/**
 * Footer of a fixed hard disk image, all numbers big-endian: Microsoft, "Virtual Hard Disk Image Format
 * Specification" 1.0, section "Hard Disk Footer Format". Azure takes an uploaded disk only with it.
 */
export function fixedVhdFooter(fields: VhdFooterFields): Uint8Array {
  const footer = Buffer.alloc(vhdFooterBytes);
  footer.write('conectix', 0, 'latin1');
  footer.writeUInt32BE(2, 8); // features: the reserved bit is always set
  footer.writeUInt32BE(0x0001_0000, 12); // file format 1.0
  footer.writeBigUInt64BE(0xffff_ffff_ffff_ffffn, 16); // data offset: none for a fixed disk
  footer.writeUInt32BE(Math.max(0, Math.floor((fields.createdAt - vhdEpochMs) / 1000)) >>> 0, 24);
  footer.write('win ', 28, 'latin1'); // creator: with Hyper-V's mark readers take the size, not the geometry
  footer.writeUInt32BE(0x0001_0000, 32); // creator version
  footer.write('Wi2k', 36, 'latin1'); // creator host: the one that every reader knows
  footer.writeBigUInt64BE(BigInt(fields.sizeBytes), 40);
  footer.writeBigUInt64BE(BigInt(fields.sizeBytes), 48);
  const { cylinders, heads, sectors } = geometryOf(fields.sizeBytes);
  footer.writeUInt16BE(cylinders, 56);
  footer.writeUInt8(heads, 58);
  footer.writeUInt8(sectors, 59);
  footer.writeUInt32BE(2, 60); // fixed
  footer.set(fields.uniqueId.subarray(0, 16), 68);
  footer.writeUInt32BE(checksumOf(footer), 64);
  return footer;
}

/** One's complement of the sum of all bytes, the checksum's own four taken as zero. */
function checksumOf(footer: Uint8Array): number {
  const sum = footer.reduce((total, byte, at) => (at >= 64 && at < 68 ? total : total + byte), 0);
  return ~sum >>> 0;
}

/** Appendix "CHS Calculation" of the same specification. Only very old readers look at it. */
function geometryOf(sizeBytes: number): { cylinders: number; heads: number; sectors: number } {
  const total = Math.min(Math.floor(sizeBytes / 512), 65_535 * 16 * 255);
  if (total >= 65_535 * 16 * 63) return geometry(total, 16, 255);
  const heads17 = Math.max(Math.ceil(Math.floor(total / 17) / 1024), 4);
  if (heads17 <= 16 && Math.floor(total / 17) < heads17 * 1024) return geometry(total, heads17, 17);
  if (Math.floor(total / 31) < 16 * 1024) return geometry(total, 16, 31);
  return geometry(total, 16, 63);
}

function geometry(total: number, heads: number, sectors: number) {
  return { cylinders: Math.floor(total / sectors / heads), heads, sectors };
}
