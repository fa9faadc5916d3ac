const BLOCK = 4096;
const NONE = 0xffffffff;

/** A registry hive with nothing but its root key, for tools that only change hives there are. */
export function emptyHive(): Buffer {
  const hive = Buffer.alloc(2 * BLOCK);
  hive.write('regf', 0, 'latin1');
  for (const [at, value] of [
    [4, 1],
    [8, 1],
    [20, 1],
    [24, 5],
    [32, 1],
    [36, 32],
    [40, BLOCK],
    [44, 1],
  ] as const)
    hive.writeUInt32LE(value, at);
  hive.write('hbin', BLOCK, 'latin1');
  hive.writeUInt32LE(BLOCK, BLOCK + 8);
  const security = 32 + writeCell(hive, 32, rootKey(32 + 96));
  const rest = security + writeCell(hive, security, securityCell(security));
  hive.writeInt32LE(BLOCK - rest, BLOCK + rest);
  let sum = 0;
  for (let at = 0; at < 508; at += 4) sum ^= hive.readInt32LE(at);
  hive.writeInt32LE(sum, 508);
  return hive;
}

function writeCell(hive: Buffer, place: number, content: Buffer): number {
  const length = Math.ceil((content.length + 4) / 8) * 8;
  hive.writeInt32LE(-length, BLOCK + place);
  content.copy(hive, BLOCK + place + 4);
  return length;
}

function rootKey(security: number): Buffer {
  const name = 'ROOT';
  const key = Buffer.alloc(92);
  key.write('nk', 0, 'latin1');
  key.writeUInt16LE(0x2c, 2);
  for (const at of [16, 28, 32, 40, 48]) key.writeUInt32LE(NONE, at);
  key.writeUInt32LE(security, 44);
  key.writeUInt16LE(name.length, 72);
  key.write(name, 76, 'latin1');
  return key;
}

/** A self-relative security descriptor that says nothing. */
function securityCell(place: number): Buffer {
  const cell = Buffer.alloc(40);
  cell.write('sk', 0, 'latin1');
  cell.writeUInt32LE(place, 4);
  cell.writeUInt32LE(place, 8);
  cell.writeUInt32LE(1, 12);
  cell.writeUInt32LE(20, 16);
  cell.writeUInt16LE(1, 20);
  cell.writeUInt16LE(0x8000, 22);
  return cell;
}
