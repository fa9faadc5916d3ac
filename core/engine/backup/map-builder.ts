import { type BlockRef, placeOf, sameContent } from '../format/block-ref.ts';
import { blocksPerChild, fanout, rootLevel } from '../format/map-node.ts';
import type { NodeReader } from '../read/node-reader.ts';
import type { NodeWriter } from './node-writer.ts';

export interface PreviousMap {
  readonly root: BlockRef | undefined;
  readonly blockCount: number;
  /** Places of nodes that cannot be read. Everything below them must be set or cleared. */
  readonly untrusted: ReadonlySet<string>;
}

interface OpenNode {
  /** Which node of its level this is. */
  readonly index: number;
  readonly children: (BlockRef | undefined)[];
  changed: boolean;
}

/**
 * Builds a block map from changes in ascending order. Subtrees without a change are taken over from the
 * previous map unread, so work and size follow the changes, not the disk. Holds one node per level.
 */
export class MapBuilder {
  readonly #level: number;
  readonly #reader: NodeReader;
  readonly #writer: NodeWriter;
  readonly #signal: AbortSignal | undefined;
  readonly #untrusted: ReadonlySet<string>;
  /** By level; only the nodes on the way to the last change. */
  readonly #open: (OpenNode | undefined)[] = [];
  #root: BlockRef | undefined;

  constructor(options: MapBuilderOptions) {
    this.#level = rootLevel(options.blockCount);
    this.#reader = options.reader;
    this.#writer = options.writer;
    this.#signal = options.signal;
    this.#untrusted = options.previous?.untrusted ?? new Set();
    this.#root = this.#raise(options.previous);
  }

  async set(block: number, ref: BlockRef | undefined): Promise<void> {
    await this.#place(0, block, ref);
  }

  /** Makes whole stretches zero, subtree by subtree. */
  async clear(first: number, count: number): Promise<void> {
    let block = first;
    const after = first + count;
    while (block < after) {
      let level = this.#level;
      while (block % blocksPerChild(level) !== 0 || block + blocksPerChild(level) > after) level--;
      await this.#place(level, block / blocksPerChild(level), undefined);
      block += blocksPerChild(level);
    }
  }

  /** The root, undefined when nothing but zeros is left. */
  async finish(): Promise<BlockRef | undefined> {
    await this.#close(this.#level);
    return this.#root;
  }

  /** `index` counts children of that level over the whole disk. */
  async #place(level: number, index: number, ref: BlockRef | undefined): Promise<void> {
    const node = await this.#openDown(level, index);
    const position = index % fanout;
    const old = node.children[position];
    const same =
      old === ref || (level === 0 && old !== undefined && ref !== undefined && sameContent(old, ref));
    if (same) return;
    node.children[position] = ref;
    node.changed = true;
  }

  /** The node of `level` that has child `index`, with everything on the way to it open. */
  async #openDown(level: number, index: number): Promise<OpenNode> {
    const nodeIndex = Math.floor(index / fanout);
    const known = this.#open[level];
    if (known?.index === nodeIndex) {
      if (level > 0) await this.#close(level - 1);
      return known;
    }
    const parent = level === this.#level ? undefined : await this.#openParent(level, nodeIndex);
    await this.#close(level);
    const ref = parent === undefined ? this.#root : parent.children[nodeIndex % fanout];
    const node =
      ref !== undefined && this.#untrusted.has(placeOf(ref))
        ? { index: nodeIndex, children: noChildren(), changed: true }
        : { index: nodeIndex, children: await this.#childrenOf(ref, level), changed: false };
    this.#open[level] = node;
    return node;
  }

  async #childrenOf(ref: BlockRef | undefined, level: number): Promise<(BlockRef | undefined)[]> {
    if (ref === undefined) return noChildren();
    return [...(await this.#reader.read(ref, level, this.#signal)).children];
  }

  /** Keeps the parent open without closing what is below it, unless the way leads elsewhere. */
  async #openParent(level: number, nodeIndex: number): Promise<OpenNode> {
    const parent = this.#open[level + 1];
    if (parent?.index === Math.floor(nodeIndex / fanout)) {
      await this.#close(level);
      return parent;
    }
    return this.#openDown(level + 1, nodeIndex);
  }

  /** Writes out the open nodes of `level` and below, from the leaf up. */
  async #close(level: number): Promise<void> {
    for (let at = 0; at <= level; at++) {
      const node = this.#open[at];
      this.#open[at] = undefined;
      if (node?.changed !== true) continue;
      const empty = node.children.every((child) => child === undefined);
      const ref = empty ? undefined : await this.#writer.write({ level: at, children: node.children });
      this.#replace(at, node.index, ref);
    }
  }

  /** A disk that grew may need a higher tree: the old root becomes the first child of new nodes above it. */
  #raise(previous: PreviousMap | undefined): BlockRef | undefined {
    if (previous?.root === undefined) return undefined;
    const oldLevel = rootLevel(previous.blockCount);
    for (let level = oldLevel + 1; level <= this.#level; level++) {
      const children = noChildren();
      if (level === oldLevel + 1) children[0] = previous.root;
      this.#open[level] = { index: 0, children, changed: true };
    }
    return oldLevel === this.#level ? previous.root : undefined;
  }

  #replace(level: number, index: number, ref: BlockRef | undefined): void {
    const parent = this.#open[level + 1];
    if (level === this.#level) this.#root = ref;
    else if (parent !== undefined) {
      parent.children[index % fanout] = ref;
      parent.changed = true;
    }
  }
}

function noChildren(): (BlockRef | undefined)[] {
  return new Array<BlockRef | undefined>(fanout).fill(undefined);
}

export interface MapBuilderOptions {
  readonly blockCount: number;
  readonly previous: PreviousMap | undefined;
  readonly reader: NodeReader;
  readonly writer: NodeWriter;
  readonly signal?: AbortSignal;
}
