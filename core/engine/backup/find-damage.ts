import { type BlockRef, placeOf } from '../format/block-ref.ts';
import { blockCount, type ManifestDisk } from '../format/manifest.ts';
import { blocksPerChild, fanout, type MapNode, rootLevel } from '../format/map-node.ts';
import type { Suspect } from '../format/suspects.ts';
import type { NodeReader } from '../read/node-reader.ts';
import type { BlockRun } from './plan-reads.ts';

/** What of a disk's previous map cannot be relied on. */
export interface DamageBefore {
  /** Blocks to read again, ascending. */
  readonly runs: readonly BlockRun[];
  /** Map nodes that are lost; everything below them is in `runs`. */
  readonly nodes: readonly NodePlace[];
  /** Damaged blocks that a health check named. */
  readonly blocks: readonly Suspect[];
}

/**
 * Looks through the previous map for blocks that a health check found damaged and for nodes that cannot be read. The
 * disk very likely still holds those blocks, and reading them again heals every point that shares them. What `rebuild` makes
 * again of lost nodes is not among the damage.
 */
export async function findDamage(
  reader: NodeReader,
  disk: ManifestDisk,
  options: {
    readonly suspects: readonly Suspect[];
    readonly rebuild: Rebuild;
    readonly signal: AbortSignal | undefined;
  },
): Promise<DamageBefore> {
  const search = new DamageSearch(reader, { ...options, blockCount: blockCount(disk) });
  if (disk.root !== undefined)
    await search.walk({ ref: disk.root, level: rootLevel(blockCount(disk)), first: 0 });
  return search;
}

export type Rebuild = (lost: NodePlace) => Promise<MapNode | undefined>;

export interface NodePlace {
  readonly ref: BlockRef;
  readonly level: number;
  /** First block below it. */
  readonly first: number;
}

class DamageSearch implements DamageBefore {
  readonly runs: BlockRun[] = [];
  readonly nodes: NodePlace[] = [];
  readonly blocks: Suspect[] = [];
  readonly #reader: NodeReader;
  readonly #suspects: ReadonlySet<string>;
  readonly #blockCount: number;
  readonly #rebuild: Rebuild;
  readonly #signal: AbortSignal | undefined;

  constructor(
    reader: NodeReader,
    options: {
      readonly suspects: readonly Suspect[];
      readonly blockCount: number;
      readonly rebuild: Rebuild;
      readonly signal: AbortSignal | undefined;
    },
  ) {
    this.#reader = reader;
    this.#suspects = new Set(options.suspects.map(placeOf));
    this.#blockCount = options.blockCount;
    this.#rebuild = options.rebuild;
    this.#signal = options.signal;
  }

  async walk(at: NodePlace): Promise<void> {
    const children = await this.#childrenOf(at);
    if (children === undefined) return;
    const span = blocksPerChild(at.level);
    for (const [position, ref] of children.entries()) {
      if (ref === undefined) continue;
      const first = at.first + position * span;
      if (at.level > 0) await this.walk({ ref, level: at.level - 1, first });
      else if (this.#suspects.has(placeOf(ref))) this.#readAgain(first, ref);
    }
  }

  #readAgain(first: number, ref: BlockRef): void {
    this.runs.push({ kind: 'read', first, count: 1 });
    this.blocks.push(ref);
  }

  async #childrenOf(at: NodePlace): Promise<readonly (BlockRef | undefined)[] | undefined> {
    const node =
      (await this.#reader.readIfIntact(at.ref, at.level, this.#signal)) ?? (await this.#rebuild(at));
    if (node !== undefined) return node.children;
    this.nodes.push(at);
    const count = Math.min(blocksPerChild(at.level) * fanout, this.#blockCount - at.first);
    this.runs.push({ kind: 'read', first: at.first, count });
    return undefined;
  }
}
