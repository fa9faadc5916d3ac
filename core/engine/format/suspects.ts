import { type BlockRef, blockIdLength } from './block-ref.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { packIdFromBytes, packIdLength, packIdToBytes } from './names.ts';

/**
 * `docs/format.md`, section "Suspects": blocks that a health check found damaged and nowhere intact. Backups do
 * not refer to them, and store them anew when they still have them.
 */
export type Suspect = Pick<BlockRef, 'id' | 'pack' | 'slot'>;

const entryLength = packIdLength + 4 + blockIdLength;

export function encodeSuspects(suspects: readonly Suspect[]): Uint8Array {
  const writer = new ByteWriter(4 + suspects.length * entryLength).u32(suspects.length);
  for (const { pack, slot, id } of suspects) writer.put(packIdToBytes(pack)).u32(slot).put(id);
  return writer.bytes;
}

export function decodeSuspects(plain: Uint8Array, object: string): Suspect[] {
  const reader = new ByteReader(plain, object);
  const count = reader.u32();
  const suspects: Suspect[] = [];
  for (let index = 0; index < count; index++) {
    const pack = packIdFromBytes(reader.take(packIdLength));
    suspects.push({ pack, slot: reader.u32(), id: reader.take(blockIdLength) });
  }
  reader.expectEnd();
  return suspects;
}
