import { blockCount, type ManifestDisk } from '../format/manifest.ts';
import { blocksPerChild, rootLevel } from '../format/map-node.ts';
import { PackNumbers } from '../packs/pack-numbers.ts';
import { SlotSets } from '../packs/slot-sets.ts';
import type { NodeReader } from '../read/node-reader.ts';
import type { NodePlace, Rebuild } from './find-damage.ts';

/**
 * Visits the nodes above the leaves of many maps, shared ones once, and has the lost ones made again. Leaves are many and
 * can seldom be made again without the disk, so they are left to the maps that a backup compares with.
 */
export class InnerNodes {
  readonly #reader: NodeReader;
  readonly #signal: AbortSignal | undefined;
  readonly #numbers = new PackNumbers();
  readonly #seen = new SlotSets();

  constructor(reader: NodeReader, signal: AbortSignal | undefined) {
    this.#reader = reader;
    this.#signal = signal;
  }

  async visit(disk: ManifestDisk, rebuild: Rebuild): Promise<void> {
    const { root: ref } = disk;
    if (ref !== undefined) await this.#walk({ ref, level: rootLevel(blockCount(disk)), first: 0 }, rebuild);
  }

  async #walk(at: NodePlace, rebuild: Rebuild): Promise<void> {
    this.#signal?.throwIfAborted();
    if (at.level === 0 || !this.#seen.add(this.#numbers.add(at.ref.pack), at.ref.slot)) return;
    const intact = await this.#reader.readIfIntact(at.ref, at.level, this.#signal);
    const node = intact ?? (await rebuild(at));
    for (const [position, ref] of node?.children.entries() ?? []) {
      if (ref === undefined || at.level === 1) continue;
      const first = at.first + position * blocksPerChild(at.level);
      await this.#walk({ ref, level: at.level - 1, first }, rebuild);
    }
  }
}
