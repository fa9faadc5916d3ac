import { AppError } from '../../contract/index.ts';
import type { BlockRef } from '../format/block-ref.ts';
import { blockCount, type Manifest } from '../format/manifest.ts';
import { type MapNode, rootLevel } from '../format/map-node.ts';
import { packName } from '../format/names.ts';
import type { Suspect } from '../format/suspects.ts';
import type { NumberSet } from '../packs/number-set.ts';
import type { PackNumbers } from '../packs/pack-numbers.ts';
import { SlotSets } from '../packs/slot-sets.ts';
import { BlockReader } from '../read/block-reader.ts';
import { NodeReader } from '../read/node-reader.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { type Inventory, stillThere } from './check-objects.ts';
import type { FindingList } from './report.ts';

/** What a check needs to know of a point. */
export type CheckedPoint = Pick<Manifest, 'id' | 'disks'>;

export interface DamageJob {
  readonly state: OpenRepository;
  readonly findings: FindingList;
  readonly inventory: Inventory;
  readonly points: readonly CheckedPoint[];
  /** Numbers of packs. */
  readonly troubled: NumberSet;
}

/** Damaged blocks that one check notes; of more, the rest is noted by the check after the next backup. */
const mostSuspects = 200_000;

/**
 * Finds out whom the trouble hurts: every block that a map expects in a troubled pack is read the way a restore
 * would, with all its other places. Gives the blocks and map nodes that are nowhere intact. Points deleted meanwhile do not
 * count.
 */
export async function attributeDamage(job: DamageJob, signal?: AbortSignal): Promise<Suspect[]> {
  if (job.troubled.size === 0) return [];
  const probe = new Probe(job);
  const sound = new SlotSets();
  for (const point of job.points) {
    if (!(await stillThere(job.state, point.id, signal))) continue;
    for (const disk of point.disks) {
      const search = new HarmSearch(job, { probe, sound, pointId: point.id, diskId: disk.id });
      if (disk.root !== undefined) await search.walk(disk.root, rootLevel(blockCount(disk)), signal);
    }
  }
  return probe.suspects;
}

/** Looks through the map of one disk; subtrees that other points share and that were found sound are passed over. */
class HarmSearch {
  readonly #job: DamageJob;
  readonly #numbers: PackNumbers;
  readonly #of: {
    readonly probe: Probe;
    /** Nodes below which nothing is wrong, by their packs. */
    readonly sound: SlotSets;
    readonly pointId: string;
    readonly diskId: string;
  };

  constructor(
    job: DamageJob,
    of: {
      readonly probe: Probe;
      readonly sound: SlotSets;
      readonly pointId: string;
      readonly diskId: string;
    },
  ) {
    this.#job = job;
    this.#numbers = job.inventory.packs.numbers;
    this.#of = of;
  }

  /** True when nothing is wrong with the node or below it. */
  async walk(ref: BlockRef, level: number, signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    const { probe, sound } = this.#of;
    const pack = this.#numbers.add(ref.pack);
    if (sound.has(pack, ref.slot)) return true;
    const node = await probe.readNode(ref, level, signal);
    if (node instanceof AppError) {
      this.#hurt(ref, node.details['reason'] ?? node.message);
      return false;
    }
    let whole = true;
    for (const child of node.children) {
      if (child === undefined) continue;
      const fine =
        level === 0 ? await this.#isFine(child, signal) : await this.walk(child, level - 1, signal);
      if (!fine) whole = false;
    }
    if (whole) sound.add(pack, ref.slot);
    return whole;
  }

  async #isFine(block: BlockRef, signal?: AbortSignal): Promise<boolean> {
    const { probe } = this.#of;
    if (!probe.isDoubtful(block) || (await probe.isReadable(block, signal))) return true;
    this.#hurt(block, 'a block in it is nowhere intact');
    return false;
  }

  #hurt(ref: BlockRef, reason: string): void {
    this.#job.findings.add(packName(ref.pack), reason);
    this.#job.findings.addAffected(packName(ref.pack), this.#of.pointId, this.#of.diskId);
  }
}

/** Tries blocks, each once. */
class Probe {
  readonly suspects: Suspect[] = [];
  readonly #job: DamageJob;
  readonly #numbers: PackNumbers;
  readonly #reader: BlockReader;
  readonly #nodes: NodeReader;
  readonly #readable = new SlotSets();
  readonly #unreadable = new SlotSets();

  constructor(job: DamageJob) {
    this.#job = job;
    this.#numbers = job.inventory.packs.numbers;
    this.#reader = new BlockReader(job.state);
    this.#nodes = new NodeReader(job.state, { cachedNodes: 0 });
  }

  isDoubtful(ref: BlockRef): boolean {
    const pack = this.#numbers.add(ref.pack);
    return this.#job.troubled.has(pack) || !this.#job.inventory.packs.holds(pack);
  }

  /** The error when the node is nowhere intact. */
  async readNode(ref: BlockRef, level: number, signal?: AbortSignal): Promise<MapNode | AppError> {
    try {
      return await this.#nodes.read(ref, level, signal);
    } catch (thrown) {
      if (!(thrown instanceof AppError) || !['damaged', 'not-found'].includes(thrown.code)) throw thrown;
      this.#suspect(ref);
      return thrown;
    }
  }

  async isReadable(ref: BlockRef, signal?: AbortSignal): Promise<boolean> {
    const pack = this.#numbers.add(ref.pack);
    if (this.#readable.has(pack, ref.slot)) return true;
    if (this.#unreadable.has(pack, ref.slot)) return false;
    const readable = await this.#read(ref, signal);
    if (readable) this.#readable.add(pack, ref.slot);
    else this.#suspect(ref);
    return readable;
  }

  #suspect({ id, pack, slot }: BlockRef): void {
    const isNew = this.#unreadable.add(this.#numbers.add(pack), slot);
    if (isNew && this.suspects.length < mostSuspects) this.suspects.push({ id, pack, slot });
  }

  async #read(ref: BlockRef, signal?: AbortSignal): Promise<boolean> {
    try {
      const plain = await this.#reader.read([ref], { signal });
      return this.#job.state.keys.blockId(plain).equals(ref.id);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'damaged') return false;
      throw thrown;
    }
  }
}
