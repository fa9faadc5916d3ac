/** CRC-32C (Castagnoli), as ext4, jbd2 and XFS use it: no inversion at start or end, the caller does both. */
export function crc32c(seed: number, bytes: Uint8Array): number {
  let crc = seed;
  let at = 0;
  const words = bytes.length - (bytes.length % 4);
  for (; at < words; at += 4) {
    crc ^= word(bytes, at);
    crc = look(3, crc) ^ look(2, crc >>> 8) ^ look(1, crc >>> 16) ^ look(0, crc >>> 24);
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ look(0, crc ^ (bytes[at] ?? 0));
  return crc >>> 0;
}

const tables = makeTables();

function look(table: number, index: number): number {
  return tables[table * 256 + (index & 0xff)] ?? 0;
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

/** Four tables, so that four bytes are taken per step. */
function makeTables(): Int32Array {
  const made = new Int32Array(1024);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    made[byte] = crc;
  }
  for (let table = 1; table < 4; table++)
    for (let byte = 0; byte < 256; byte++) {
      const previous = made[(table - 1) * 256 + byte] ?? 0;
      made[table * 256 + byte] = (previous >>> 8) ^ (made[previous & 0xff] ?? 0);
    }
  return made;
}
