import { ByteReader, ByteWriter } from './bytes.ts';
import { packIdFromBytes, packIdLength, packIdToBytes } from './names.ts';

/** `docs/format.md`, section "Collecting": packs that no new point may refer to. */
export function encodeCondemned(packIds: Iterable<string>, count: number): Uint8Array {
  const writer = new ByteWriter(4 + count * packIdLength).u32(count);
  for (const packId of packIds) writer.put(packIdToBytes(packId));
  return writer.bytes;
}

/** One id after another, because there may be millions; `damaged` where it stops making sense. */
export function* decodeCondemned(plain: Uint8Array, object: string): Generator<string> {
  const reader = new ByteReader(plain, object);
  const count = reader.u32();
  for (let index = 0; index < count; index++) yield packIdFromBytes(reader.take(packIdLength));
  reader.expectEnd();
}
