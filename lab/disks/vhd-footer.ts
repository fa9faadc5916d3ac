/** Length of the footer that makes a raw disk a fixed VHD; Azure's SAS endpoints always show a disk with it. */
export const VHD_FOOTER_BYTES = 512;

/** The fixed-VHD footer (Microsoft "Virtual Hard Disk Image Format Specification") of a disk of `diskBytes`. */
export function makeVhdFooter(diskBytes: number, uniqueId: string): Buffer {
  const footer = Buffer.alloc(VHD_FOOTER_BYTES);
  footer.write('conectix', 0, 'latin1');
  footer.writeUInt32BE(2, 8);
  footer.writeUInt32BE(0x0001_0000, 12);
  footer.fill(0xff, 16, 24);
  footer.write('win ', 28, 'latin1');
  footer.writeUInt32BE(0x000a_0000, 32);
  footer.write('Wi2k', 36, 'latin1');
  footer.writeBigUInt64BE(BigInt(diskBytes), 40);
  footer.writeBigUInt64BE(BigInt(diskBytes), 48);
  footer.writeUInt32BE(geometry(diskBytes), 56);
  footer.writeUInt32BE(2, 60);
  Buffer.from(uniqueId.replaceAll('-', '').slice(0, 32), 'hex').copy(footer, 68);
  footer.writeUInt32BE(checksum(footer), 64);
  return footer;
}

/** Why this is not the footer of a fixed VHD of `diskBytes`, in Azure's words; undefined when it is one. */
export function vhdFooterProblem(footer: Uint8Array | undefined, diskBytes: number): string | undefined {
  const bytes = Buffer.from(footer ?? new Uint8Array(VHD_FOOTER_BYTES));
  if (bytes.toString('latin1', 0, 8) !== 'conectix') {
    return "The specified cookie value in VHD footer is not supported. Disk is expected to have cookie value 'conectix'.";
  }
  if (bytes.readUInt32BE(64) !== checksum(bytes)) return 'The checksum of the VHD footer is wrong.';
  if (bytes.readUInt32BE(60) !== 2) return 'Only fixed VHDs are supported.';
  if (bytes.readBigUInt64BE(48) !== BigInt(diskBytes)) {
    return `The VHD footer gives a virtual size of ${bytes.readBigUInt64BE(48)} bytes, the disk has ${diskBytes}.`;
  }
  return undefined;
}

/** One's complement of the sum of all bytes but the checksum's own. */
function checksum(footer: Uint8Array): number {
  let sum = 0;
  for (const [at, byte] of footer.entries()) if (at < 64 || at >= 68) sum += byte;
  return ~sum >>> 0;
}

/** Cylinders, heads and sectors packed as the specification's appendix computes them. */
function geometry(diskBytes: number): number {
  const sectors = Math.min(Math.floor(diskBytes / 512), 65_535 * 16 * 255);
  if (sectors >= 65_535 * 16 * 63) return pack(Math.floor(sectors / 255 / 16), 16, 255);
  let perTrack = 17;
  let tracks = Math.floor(sectors / perTrack);
  let heads = Math.max(4, Math.ceil(tracks / 1024));
  if (tracks >= heads * 1024 || heads > 16) {
    perTrack = 31;
    heads = 16;
    tracks = Math.floor(sectors / perTrack);
  }
  if (tracks >= heads * 1024) {
    perTrack = 63;
    tracks = Math.floor(sectors / perTrack);
  }
  return pack(Math.floor(tracks / heads), heads, perTrack);
}

function pack(cylinders: number, heads: number, sectorsPerTrack: number): number {
  return cylinders * 0x1_0000 + heads * 0x100 + sectorsPerTrack;
}
