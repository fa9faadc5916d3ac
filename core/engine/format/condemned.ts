import { ByteReader, ByteWriter } from './bytes.ts';
import { packIdFromBytes, packIdLength, packIdToBytes } from './names.ts';

/** `docs/format.md`, section "Collecting": packs that no new point may refer to. */
export function encodeCondemned(packIds: readonly string[]): Uint8Array {
  const writer = new ByteWriter(4 + packIds.length * packIdLength).u32(packIds.length);
  for (const packId of packIds) writer.put(packIdToBytes(packId));
  return writer.bytes;
}

export function decodeCondemned(plain: Uint8Array, object: string): string[] {
  const reader = new ByteReader(plain, object);
  const count = reader.u32();
  const packIds: string[] = [];
  for (let index = 0; index < count; index++) packIds.push(packIdFromBytes(reader.take(packIdLength)));
  reader.expectEnd();
  return packIds;
}
