import { AppError } from '../../contract/index.ts';
import { FileIndex } from './file-index.ts';
import type { IndexColumns } from './index-columns.ts';

const MAGIC = 'CAIRNIX1';
const ORDER = [
  'ids',
  'sizes',
  'modified',
  'nameEnds',
  'foldedEnds',
  'parents',
  'kinds',
  'names',
  'folded',
] as const satisfies readonly (keyof IndexColumns)[];

/** The index as bytes, to be kept and read back by `indexFromBytes` on a machine of the same byte order. */
export function indexToBytes(index: FileIndex): Uint8Array {
  const { columns } = index;
  const header = Buffer.alloc(8 + 3 * 8);
  header.write(MAGIC, 'latin1');
  for (const [place, length] of [index.count, columns.names.length, columns.folded.length].entries())
    header.writeDoubleLE(length, 8 + place * 8);
  const parts = ORDER.map((key) => {
    const column = columns[key];
    return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  });
  return Buffer.concat([header, ...parts]);
}

/**
 * @throws AppError `damaged` when the bytes are not a whole index
 */
export function indexFromBytes(bytes: Uint8Array): FileIndex {
  const own = Uint8Array.from(bytes).buffer;
  const header = Buffer.from(own);
  if (bytes.length < 32 || header.toString('latin1', 0, 8) !== MAGIC) throw notAnIndex();
  const [count = 0, names = 0, folded = 0] = [8, 16, 24].map((at) => header.readDoubleLE(at));
  if (bytes.length !== 32 + count * (5 * 8 + 4 + 1) + names + folded) throw notAnIndex();
  let at = 32;
  const take = (length: number): number => {
    at += length;
    return at - length;
  };
  const wide = (): Float64Array => new Float64Array(own, take(count * 8), count);
  const [ids, sizes, modified, nameEnds, foldedEnds] = [wide(), wide(), wide(), wide(), wide()];
  const parents = new Uint32Array(own, take(count * 4), count);
  if (parents.some((parent, row) => parent !== 0xffffffff && parent >= row)) throw notAnIndex();
  return new FileIndex({
    ids,
    sizes,
    modified,
    nameEnds,
    foldedEnds,
    parents,
    kinds: new Uint8Array(own, take(count), count),
    names: new Uint8Array(own, take(names), names),
    folded: new Uint8Array(own, take(folded), folded),
  });
}

function notAnIndex(): AppError {
  return new AppError('damaged', {
    message: 'The kept search index cannot be read.',
    hint: 'It is built again when the next search starts.',
  });
}
