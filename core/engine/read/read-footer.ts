import type { BlockRef } from '../format/block-ref.ts';
import { damaged } from '../format/bytes.ts';
import { packName } from '../format/names.ts';
import {
  decodeTrailer,
  isMapPack,
  openFooter,
  type PackPlace,
  packHeader,
  packHeaderLength,
  packKinds,
  packTrailerLength,
} from '../format/pack.ts';
import type { OpenRepository } from '../repository/open-state.ts';

/** Most footers fit in this; a longer one costs a second request. */
const usualLength = 64 * 1024;

export interface PackFooter {
  readonly refs: readonly BlockRef[];
  /** CRC-32 that the pack states of itself. */
  readonly crc: number;
}

/**
 * What a pack says of itself; only its end is read. `damaged` when that is not authentic or the pack is not as
 * long as it must be, `not-found` when there is no such pack.
 */
export async function readFooter(
  repository: OpenRepository,
  place: PackPlace,
  options: { readonly expectedLength?: number; readonly signal?: AbortSignal } = {},
): Promise<PackFooter> {
  const name = packName(place.packId);
  if (place.size < packHeaderLength + packTrailerLength) throw damaged(name, 'it is shorter than any pack');
  const length = Math.min(place.size, options.expectedLength ?? usualLength);
  const end = await readEnd(repository, place, { length, signal: options.signal });
  const { footerLength } = decodeTrailer(end.subarray(end.length - packTrailerLength), place);
  const needed = footerLength + packTrailerLength;
  if (needed <= end.length) return footerIn(repository, place, end);
  const whole = await readEnd(repository, place, { length: needed, signal: options.signal });
  return footerIn(repository, place, whole);
}

async function readEnd(
  repository: OpenRepository,
  place: PackPlace,
  part: { readonly length: number; readonly signal: AbortSignal | undefined },
): Promise<Uint8Array> {
  const name = packName(place.packId);
  const range = { offset: place.size - part.length, length: part.length };
  const bytes = await repository.store.get(name, range, part.signal);
  if (bytes.length !== part.length) throw damaged(name, 'its size is not what the store says');
  return bytes;
}

/** The same for a pack that is in memory, whole or at least its footer. */
export function footerIn(repository: OpenRepository, place: PackPlace, bytes: Uint8Array): PackFooter {
  const { packId, size } = place;
  const name = packName(packId);
  if (bytes.length < packTrailerLength) throw damaged(name, 'it is shorter than any pack');
  const { footerLength, crc } = decodeTrailer(bytes.subarray(bytes.length - packTrailerLength), place);
  const start = bytes.length - packTrailerLength - footerLength;
  if (start < 0) throw damaged(name, 'it is shorter than its footer');
  const header = packHeader(isMapPack(packId) ? packKinds.map : packKinds.data);
  const { keys } = repository;
  const refs = openFooter({ packId, size, header, tail: bytes.subarray(start), keys });
  const last = refs.at(-1);
  const bodyEnd = last === undefined ? packHeaderLength : last.offset + last.length;
  if (bodyEnd + footerLength + packTrailerLength !== size) {
    throw damaged(name, 'its size is not what its footer says');
  }
  return { refs, crc };
}
