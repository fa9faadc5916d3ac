import type { BlockRef } from '../format/block-ref.ts';
import { blockCount, type Manifest } from '../format/manifest.ts';
import { rootLevel } from '../format/map-node.ts';
import { NodeReader } from '../read/node-reader.ts';
import type { OpenRepository } from '../repository/open-state.ts';

/** Which slots of a pack are in use, and how many sealed bytes they hold. */
export class PackUse {
  liveBytes = 0;
  #slots = new Uint8Array(32);

  /** True when the slot was not marked before. */
  mark(ref: BlockRef): boolean {
    if (this.has(ref.slot)) return false;
    const index = ref.slot >> 3;
    if (index >= this.#slots.length) this.#widen(index + 1);
    this.#slots[index] = (this.#slots[index] ?? 0) | (1 << (ref.slot & 7));
    this.liveBytes += ref.length;
    return true;
  }

  has(slot: number): boolean {
    return ((this.#slots[slot >> 3] ?? 0) & (1 << (slot & 7))) !== 0;
  }

  *slots(): Generator<number> {
    for (let slot = 0; slot < this.#slots.length * 8; slot++) if (this.has(slot)) yield slot;
  }

  #widen(least: number): void {
    const wider = new Uint8Array(Math.max(least, this.#slots.length * 2));
    wider.set(this.#slots);
    this.#slots = wider;
  }
}

/**
 * Everything that points lead to. Shared subtrees are walked once, so the cost follows the distinct map nodes.
 * A map that cannot be read ends the marking: what it leads to is unknown, so nothing may be removed.
 */
export class Marks {
  readonly packs = new Map<string, PackUse>();
  readonly #nodes: NodeReader;
  readonly #points = new Set<string>();

  constructor(repository: OpenRepository) {
    this.#nodes = new NodeReader(repository);
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

  /** True when the block was not marked before. */
  mark(ref: BlockRef): boolean {
    const known = this.packs.get(ref.pack);
    if (known !== undefined) return known.mark(ref);
    const use = new PackUse();
    this.packs.set(ref.pack, use);
    return use.mark(ref);
  }

  async #walk(ref: BlockRef, level: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!this.mark(ref)) return;
    const node = await this.#nodes.read(ref, level, signal);
    for (const child of node.children) {
      if (child === undefined) continue;
      if (level === 0) this.mark(child);
      else await this.#walk(child, level - 1, signal);
    }
  }
}
