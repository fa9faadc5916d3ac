import type { BlockRef } from '../format/block-ref.ts';
import { blockCount, type Manifest } from '../format/manifest.ts';
import { rootLevel } from '../format/map-node.ts';
import { float64Column, type NumberColumn } from '../packs/number-column.ts';
import type { PackNumbers } from '../packs/pack-numbers.ts';
import { SlotSets } from '../packs/slot-sets.ts';
import { eachSubtree } from '../read/each-subtree.ts';
import { NodeReader } from '../read/node-reader.ts';
import type { OpenRepository } from '../repository/open-state.ts';

/**
 * Everything that points lead to: which slots of which packs are in use, and how many sealed bytes they hold. Shared
 * subtrees are walked once, so the cost follows the distinct map nodes.
 * A map that cannot be read ends the marking: what it leads to is unknown, so nothing may be removed.
 */
export class Marks {
  readonly #numbers: PackNumbers;
  readonly #slots = new SlotSets();
  readonly #liveBytes: NumberColumn = float64Column();
  readonly #nodes: NodeReader;
  readonly #points = new Set<string>();

  constructor(repository: OpenRepository, numbers: PackNumbers) {
    this.#nodes = new NodeReader(repository, { cachedNodes: 0 });
    this.#numbers = numbers;
  }

  hasPoint(pointId: string): boolean {
    return this.#points.has(pointId);
  }

  async addPoint(manifest: Manifest, signal?: AbortSignal): Promise<void> {
    for (const disk of manifest.disks) {
      if (disk.root !== undefined) await this.#walk(disk.root, rootLevel(blockCount(disk)), signal);
    }
    this.#points.add(manifest.id);
  }

  /** `length` is that of the sealed block. True when it was not marked before. */
  mark(pack: number, slot: number, length: number): boolean {
    if (!this.#slots.add(pack, slot)) return false;
    this.#liveBytes.set(pack, this.#liveBytes.get(pack) + length);
    return true;
  }

  has(pack: number, slot: number): boolean {
    return this.#slots.has(pack, slot);
  }

  /** True when anything in the pack is in use. */
  uses(pack: number): boolean {
    return this.#slots.holds(pack);
  }

  slots(pack: number): Generator<number> {
    return this.#slots.slots(pack);
  }

  liveBytes(pack: number): number {
    return this.#liveBytes.get(pack);
  }

  #markRef(ref: BlockRef): boolean {
    return this.mark(this.#numbers.add(ref.pack), ref.slot, ref.length);
  }

  async #walk(ref: BlockRef, level: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!this.#markRef(ref)) return;
    const { children } = await this.#nodes.read(ref, level, signal);
    if (level > 0) {
      await eachSubtree({ children, level, signal }, (child) => this.#walk(child, level - 1, signal));
      return;
    }
    for (const child of children) if (child !== undefined) this.#markRef(child);
  }
}
