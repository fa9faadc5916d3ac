import { damaged } from '../disk/index.ts';
import type { RunList } from '../tree/index.ts';

export interface MappingPiece {
  /** First cluster of the value that the piece maps; it must continue the list. */
  readonly first: number;
  readonly pairs: Uint8Array;
  /** Clusters of the volume. */
  readonly clusters: number;
}

/** Decodes a mapping's pairs: length and signed distance to the run before, each in few bytes. */
export function addMappingPairs(list: RunList, { first, pairs, clusters }: MappingPiece): void {
  if (first !== list.end) throw damaged('cluster runs', 'a piece is missing');
  let place = 0;
  for (let at = 0; at < pairs.length && pairs[at] !== 0; ) {
    const lengthBytes = (pairs[at] ?? 0) & 0xf;
    const placeBytes = (pairs[at] ?? 0) >> 4;
    const end = at + 1 + lengthBytes + placeBytes;
    if (lengthBytes === 0 || lengthBytes > 6 || placeBytes > 6 || end > pairs.length)
      throw damaged('cluster runs', 'a run is not encoded properly');
    const length = number(pairs, at + 1, lengthBytes);
    if (placeBytes > 0) place += signed(pairs, at + 1 + lengthBytes, placeBytes);
    const outside = placeBytes > 0 && (place < 0 || place + length > clusters);
    if (length <= 0 || length > 2 ** 44 || outside) throw damaged('cluster runs', 'a run is off the volume');
    list.push(length, placeBytes > 0 ? place : undefined);
    at = end;
  }
}

function number(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = count - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

function signed(bytes: Uint8Array, at: number, count: number): number {
  const value = number(bytes, at, count);
  return (bytes[at + count - 1] ?? 0) >= 0x80 ? value - 2 ** (8 * count) : value;
}
