import type { NodeId, NodeKind } from '../tree/index.ts';
import { GrowingColumn } from './growing-column.ts';

export const INDEXED_KINDS: readonly NodeKind[] = [
  'file',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'character-device',
  'block-device',
  'other',
];

/** Parent of the entries of the volume's root. */
export const NO_PARENT = 0xffffffff;

/**
 * All entries of a volume in columns: about 33 bytes each and twice the name. The entries of one directory
 * stand together, behind their directory.
 */
export interface IndexColumns {
  readonly ids: Float64Array;
  readonly parents: Uint32Array;
  readonly sizes: Float64Array;
  /** Milliseconds since 1970; NaN where unknown. */
  readonly modified: Float64Array;
  readonly kinds: Uint8Array;
  /** Where each name ends in `names` and `folded`; a zero byte follows every name. */
  readonly nameEnds: Float64Array;
  readonly foldedEnds: Float64Array;
  readonly names: Uint8Array;
  /** The names in lower case. */
  readonly folded: Uint8Array;
}

export interface IndexRow {
  readonly id: NodeId;
  readonly parent: number;
  readonly name: string;
  readonly kind: NodeKind;
  readonly size: number;
  readonly modified: bigint | undefined;
}

/** Collects rows into columns. */
export class IndexColumnsBuilder {
  readonly #ids = new GrowingColumn((length) => new Float64Array(length));
  readonly #parents = new GrowingColumn((length) => new Uint32Array(length));
  readonly #sizes = new GrowingColumn((length) => new Float64Array(length));
  readonly #modified = new GrowingColumn((length) => new Float64Array(length));
  readonly #kinds = new GrowingColumn((length) => new Uint8Array(length));
  readonly #nameEnds = new GrowingColumn((length) => new Float64Array(length));
  readonly #foldedEnds = new GrowingColumn((length) => new Float64Array(length));
  readonly #names = new GrowingColumn((length) => new Uint8Array(length));
  readonly #folded = new GrowingColumn((length) => new Uint8Array(length));

  get count(): number {
    return this.#ids.length;
  }

  /** Returns the number of the new row. */
  add(row: IndexRow): number {
    this.#ids.push(row.id);
    this.#parents.push(row.parent);
    this.#sizes.push(row.size);
    this.#modified.push(row.modified === undefined ? Number.NaN : Number(row.modified / 1_000_000n));
    this.#kinds.push(INDEXED_KINDS.indexOf(row.kind));
    this.#names.append(Buffer.from(row.name));
    this.#nameEnds.push(this.#names.length);
    this.#names.push(0);
    this.#folded.append(Buffer.from(row.name.toLowerCase()));
    this.#foldedEnds.push(this.#folded.length);
    this.#folded.push(0);
    return this.count - 1;
  }

  finish(): IndexColumns {
    return {
      ids: this.#ids.finish(),
      parents: this.#parents.finish(),
      sizes: this.#sizes.finish(),
      modified: this.#modified.finish(),
      kinds: this.#kinds.finish(),
      nameEnds: this.#nameEnds.finish(),
      foldedEnds: this.#foldedEnds.finish(),
      names: this.#names.finish(),
      folded: this.#folded.finish(),
    };
  }
}
