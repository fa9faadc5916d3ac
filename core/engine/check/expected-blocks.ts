import { AppError } from '../../contract/index.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { blockCount, type Manifest } from '../format/manifest.ts';
import { rootLevel } from '../format/map-node.ts';
import { type NumberColumn, uint32Column } from '../packs/number-column.ts';
import type { PackNumbers } from '../packs/pack-numbers.ts';
import { SlotSets } from '../packs/slot-sets.ts';
import { eachSubtree } from '../read/each-subtree.ts';
import { NodeReader } from '../read/node-reader.ts';
import type { OpenRepository } from '../repository/open-state.ts';

/**
 * What maps expect of packs, in some 30 bytes a pack whatever the number of its blocks: which slots, and two sums over
 * where their blocks lie and what their ids are.
 */
export class ExpectedBlocks {
  readonly #numbers: PackNumbers;
  readonly #slots = new SlotSets();
  readonly #sums: NumberColumn = uint32Column();
  readonly #otherSums: NumberColumn = uint32Column();

  constructor(numbers: PackNumbers) {
    this.#numbers = numbers;
  }

  /** False when this block was expected before. */
  add(ref: BlockRef): boolean {
    const pack = this.#numbers.add(ref.pack);
    if (!this.#slots.add(pack, ref.slot)) return false;
    this.#sums.set(pack, this.#sums.get(pack) + digest(ref, 1));
    this.#otherSums.set(pack, this.#otherSums.get(pack) + digest(ref, 2));
    return true;
  }

  slots(pack: number): Generator<number> {
    return this.#slots.slots(pack);
  }

  /** The number of blocks that a pack must have at least. */
  leastBlocks(packId: string): number {
    let least = 0;
    for (const slot of this.slots(this.#numbers.numberOf(packId) ?? -1)) least = slot + 1;
    return least;
  }

  /** True when the pack's footer says of all these slots what the maps say. */
  agreesWith(packId: string, footer: readonly BlockRef[]): boolean {
    const pack = this.#numbers.numberOf(packId) ?? -1;
    let [sum, otherSum] = [0, 0];
    for (const slot of this.slots(pack)) {
      const ref = footer[slot];
      if (ref === undefined) return false;
      sum = (sum + digest(ref, 1)) >>> 0;
      otherSum = (otherSum + digest(ref, 2)) >>> 0;
    }
    return sum === this.#sums.get(pack) && otherSum === this.#otherSums.get(pack);
  }
}

/**
 * Not against forgery, which seals are for: against a map and a footer that do not belong together. Mixed by hand,
 * because it runs twice for each block there is.
 */
function digest(ref: BlockRef, start: number): number {
  const { id } = ref;
  let mixed = start;
  for (const field of [ref.slot, ref.offset, ref.length, ref.plainLength, ref.encoding])
    mixed = mix(mixed, field);
  for (let at = 0; at < id.length; at += 4) {
    mixed = mix(
      mixed,
      ((id[at] ?? 0) << 24) | ((id[at + 1] ?? 0) << 16) | ((id[at + 2] ?? 0) << 8) | (id[at + 3] ?? 0),
    );
  }
  return mixed;
}

function mix(state: number, value: number): number {
  const mixed = Math.imul(state ^ value, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

export interface WalkEvents {
  /** Called for each node and block; false keeps out of what lies below a node. */
  visit(ref: BlockRef, kind: 'node' | 'block'): boolean;
  /** A node that cannot be read. */
  broken(ref: BlockRef, error: AppError): void;
}

/** Walks the maps of a point; a broken node hides what is below it and nothing else. */
export class MapWalker {
  readonly #nodes: NodeReader;
  readonly #signal: AbortSignal | undefined;

  constructor(repository: OpenRepository, signal?: AbortSignal) {
    this.#nodes = new NodeReader(repository, { cachedNodes: 0 });
    this.#signal = signal;
  }

  async walkDisk(disk: Manifest['disks'][number], events: WalkEvents): Promise<void> {
    if (disk.root !== undefined) await this.#walk(disk.root, rootLevel(blockCount(disk)), events);
  }

  async #walk(ref: BlockRef, level: number, events: WalkEvents): Promise<void> {
    this.#signal?.throwIfAborted();
    if (!events.visit(ref, 'node')) return;
    const children = await this.#childrenOf(ref, level, events);
    if (level > 0) {
      const subtrees = { children, level, signal: this.#signal };
      await eachSubtree(subtrees, (child) => this.#walk(child, level - 1, events));
      return;
    }
    for (const child of children) if (child !== undefined) events.visit(child, 'block');
  }

  async #childrenOf(
    ref: BlockRef,
    level: number,
    events: WalkEvents,
  ): Promise<readonly (BlockRef | undefined)[]> {
    try {
      return (await this.#nodes.read(ref, level, this.#signal)).children;
    } catch (thrown) {
      if (!(thrown instanceof AppError) || !['damaged', 'not-found'].includes(thrown.code)) throw thrown;
      events.broken(ref, thrown);
      return [];
    }
  }
}
