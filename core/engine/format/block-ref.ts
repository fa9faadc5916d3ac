import { AppError } from '../../contract/index.ts';
import { damaged } from './bytes.ts';
import { isPackId } from './names.ts';

export const blockIdLength = 32;

/** Where a block or map node is, how it is stored, and what it must be. */
export interface BlockRef {
  /** HMAC of the plain bytes. */
  readonly id: Uint8Array;
  /** `<attempt>/<number>`. */
  readonly pack: string;
  readonly slot: number;
  readonly offset: number;
  /** Sealed bytes, tag included. */
  readonly length: number;
  readonly plainLength: number;
  readonly encoding: number;
}

export interface BlockRefJson {
  readonly id: string;
  readonly pack: string;
  readonly slot: number;
  readonly offset: number;
  readonly length: number;
  readonly plainLength: number;
  readonly encoding: number;
}

export function blockRefToJson(ref: BlockRef): BlockRefJson {
  return {
    id: Buffer.from(ref.id).toString('hex'),
    pack: ref.pack,
    slot: ref.slot,
    offset: ref.offset,
    length: ref.length,
    plainLength: ref.plainLength,
    encoding: ref.encoding,
  };
}

const maximum = 0xffff_ffff;

export function blockRefFromJson(json: BlockRefJson, object: string): BlockRef {
  const numbers = [json.slot, json.offset, json.length, json.plainLength, json.encoding];
  const valid =
    /^[0-9a-f]{64}$/.test(json.id) &&
    isPackId(json.pack) &&
    numbers.every((value) => Number.isInteger(value) && value >= 0 && value <= maximum);
  if (!valid) throw damaged(object, 'a reference in it is malformed');
  return { ...json, id: Buffer.from(json.id, 'hex') };
}

/** A place as a key: no other block is there, whatever its id. */
export function placeOf(place: Pick<BlockRef, 'pack' | 'slot'>): string {
  return `${place.pack}:${place.slot}`;
}

/** Two refs to the same content, wherever it lies. */
export function sameContent(left: BlockRef, right: BlockRef): boolean {
  return Buffer.compare(left.id, right.id) === 0;
}

export function packTooLarge(): AppError {
  return new AppError('internal', { message: 'A pack outgrew what its footer can describe.' });
}
