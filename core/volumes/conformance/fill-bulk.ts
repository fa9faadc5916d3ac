import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { noise } from './fill-tree.ts';

export interface BulkOptions {
  /** Files in directories of a hundred. */
  readonly files: number;
  /** Files in one directory. */
  readonly wide: number;
  /** One symbolic link in each directory of a hundred. */
  readonly links: boolean;
  /** Bytes of one large file, which holds data in pieces and zeros (or holes) between them. */
  readonly largest: number;
}

const PIECE = 3_000_017;
const PIECES = 40;

/** Many small files, one very large directory, one very large file: what shows at size only. */
export function fillBulk(root: string, options: BulkOptions): void {
  fillDirectories(join(root, 'bulk'), options);
  fillWide(join(root, 'wide'), options.wide);
  fillLargest(join(root, 'largest'), options.largest);
}

function fillDirectories(root: string, { files, links }: BulkOptions): void {
  mkdirSync(root);
  const pool = noise('bulk', 65_536);
  for (let index = 0; index < files; index++) {
    const directory = join(root, `part-${Math.floor(index / 1000)}`, `of ${Math.floor(index / 100)}`);
    if (index % 100 === 0) {
      mkdirSync(directory, { recursive: true });
      if (links) symlinkSync(`../../part-0/of ${index}`, join(directory, 'link'));
    }
    const length = (index * 37) % 3000;
    writeFileSync(
      join(directory, `file ${index}.dat`),
      pool.subarray(index % 60_000, (index % 60_000) + length),
    );
  }
}

/** The content of each file is its own name. */
function fillWide(root: string, files: number): void {
  mkdirSync(root);
  for (let index = 0; index < files; index++) {
    const name = `n${index}${'-'.repeat(index % 40)}ß`;
    writeFileSync(join(root, name), index % 3 === 0 ? '' : name);
  }
}

function fillLargest(path: string, size: number): void {
  const file = openSync(path, 'w');
  const piece = noise('largest', PIECE);
  const step = Math.floor(size / PIECES);
  for (let at = 0; at + PIECE <= size; at += step) writeSync(file, piece, 0, PIECE, at);
  ftruncateSync(file, size);
  closeSync(file);
}
