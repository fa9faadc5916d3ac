/** A ustar header block (IEEE 1003.1, "ustar Interchange Format"). */
export interface TarHeader {
  /** At most 100 bytes; longer ones stand in an extended header and are cut here. */
  readonly name: Uint8Array;
  readonly type: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly linkName: Uint8Array;
  readonly device: { readonly major: number; readonly minor: number } | null;
}

export const TAR_BLOCK = 512;
export const LONGEST_NAME = 100;
/** Largest value of the eleven and seven octal digits of a field. */
export const LARGEST_WIDE = 0o77777777777;
export const LARGEST_NARROW = 0o7777777;

export function tarHeader(header: TarHeader): Uint8Array {
  const block = Buffer.alloc(TAR_BLOCK);
  block.set(header.name.subarray(0, LONGEST_NAME), 0);
  octal(block, 100, 8, header.mode);
  octal(block, 108, 8, within(header.uid, LARGEST_NARROW));
  octal(block, 116, 8, within(header.gid, LARGEST_NARROW));
  octal(block, 124, 12, within(header.size, LARGEST_WIDE));
  octal(block, 136, 12, within(header.modified, LARGEST_WIDE));
  block.write(header.type, 156, 'latin1');
  block.set(header.linkName.subarray(0, LONGEST_NAME), 157);
  block.write('ustar\x0000', 257, 'latin1');
  octal(block, 329, 8, within(header.device?.major ?? 0, LARGEST_NARROW));
  octal(block, 337, 8, within(header.device?.minor ?? 0, LARGEST_NARROW));
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Zeros up to the next block. */
export function tarPadding(length: number): Uint8Array {
  return new Uint8Array((TAR_BLOCK - (length % TAR_BLOCK)) % TAR_BLOCK);
}

/** What does not fit is in the extended header; the field then holds the nearest value that does. */
function within(value: number, largest: number): number {
  return Math.min(largest, Math.max(0, Math.floor(value)));
}

function octal(block: Buffer, at: number, width: number, value: number): void {
  block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
}
