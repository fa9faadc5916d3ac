const footerLength = 512;
const secondsTo2000 = Date.UTC(2000, 0, 1) / 1000;
const largestGeometry = 65_535 * 16 * 255;

/** The 512 bytes behind a raw image that make it a fixed VHD (Virtual Hard Disk Image Format Specification 1.0). */
export function vhdFooter(size: number, id: Uint8Array, now = secondsTo2000): Buffer {
  const footer = Buffer.alloc(footerLength);
  footer.write('conectix', 0, 'latin1');
  footer.writeUInt32BE(2, 8);
  footer.writeUInt32BE(0x0001_0000, 12);
  footer.fill(0xff, 16, 24);
  footer.writeUInt32BE(now - secondsTo2000, 24);
  footer.write('crn ', 28, 'latin1');
  footer.writeUInt32BE(0x0001_0000, 32);
  footer.write('Wi2k', 36, 'latin1');
  footer.writeBigUInt64BE(BigInt(size), 40);
  footer.writeBigUInt64BE(BigInt(size), 48);
  const { cylinders, heads, sectors } = geometryOf(size);
  footer.writeUInt16BE(cylinders, 56);
  footer.writeUInt8(heads, 58);
  footer.writeUInt8(sectors, 59);
  footer.writeUInt32BE(2, 60);
  footer.set(id.subarray(0, 16), 68);
  const sum = footer.reduce((total, byte) => total + byte, 0);
  footer.writeUInt32BE(~sum >>> 0, 64);
  return footer;
}

/** Cylinders, heads and sectors as the specification's appendix computes them. */
function geometryOf(size: number): { cylinders: number; heads: number; sectors: number } {
  const total = Math.min(Math.floor(size / 512), largestGeometry);
  if (total >= 65_535 * 16 * 63) return shape(total, 16, 255);
  const small = shape(total, Math.max(4, Math.ceil(Math.floor(total / 17) / 1024)), 17);
  if (small.heads <= 16 && small.cylinders < 1024) return small;
  const middle = shape(total, 16, 31);
  return middle.cylinders < 1024 ? middle : shape(total, 16, 63);
}

function shape(total: number, heads: number, sectors: number) {
  return { cylinders: Math.floor(total / sectors / heads), heads, sectors };
}
