import { placeOf } from '../format/block-ref.ts';
import type { ManifestDisk } from '../format/manifest.ts';
import { blocksPerChild, type MapNode } from '../format/map-node.ts';
import { encodeMoved, type MovedBlock, movedPrefix } from '../format/moved.ts';
import { attemptOfPack } from '../format/names.ts';
import { isMapPack } from '../format/pack.ts';
import { objectKinds } from '../format/sealed-object.ts';
import type { Suspect } from '../format/suspects.ts';
import type { HealingResult } from '../model.ts';
import type { NodeReader } from '../read/node-reader.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { randomId } from '../repository/random-id.ts';
import { putSealed } from '../repository/sealed-store.ts';
import { findDamage, type NodePlace } from './find-damage.ts';
import { InnerNodes } from './healing-inner-nodes.ts';
import { familyOf, PointDisks } from './healing-points.ts';
import { NodeRebuilder } from './healing-rebuild.ts';
import type { NodeHealer } from './node-healer.ts';
import type { NodeWriter } from './node-writer.ts';
import type { PackUploader } from './pack-uploader.ts';
import type { DiskPlan } from './plan-disk.ts';
import { mergeRuns } from './plan-reads.ts';

type MovedByPack = ReadonlyMap<string, readonly MovedBlock[]>;

export interface HealingJob {
  readonly reader: NodeReader;
  readonly healer: NodeHealer;
  readonly nodes: NodeWriter;
  readonly uploader: PackUploader;
  /** What health checks found damaged. */
  readonly suspects: readonly Suspect[];
  /** Id of what is backed up. */
  readonly resource: string;
  readonly signal: AbortSignal | undefined;
}

/** A node that cannot be read, and the disk in whose map it is. */
interface LostNode extends NodePlace {
  readonly disk: string;
}

/** What one attempt does about damage in the repository. */
export class Healing {
  readonly #repository: OpenRepository;
  readonly #job: HealingJob;
  readonly #rebuilder: NodeRebuilder;
  #points: Promise<PointDisks> | undefined;
  /** Damaged places in the maps that this attempt compares with. */
  readonly #found = new Set<string>();
  readonly #lost: LostNode[] = [];
  readonly #healed = new Set<string>();

  constructor(repository: OpenRepository, job: HealingJob) {
    this.#repository = repository;
    this.#job = job;
    this.#rebuilder = new NodeRebuilder(repository, job.reader, job.signal);
  }

  /** Blocks and nodes healed so far. */
  get healed(): number {
    return this.#healed.size;
  }

  /** Makes lost nodes above the leaves again, in the maps of all points, if a health check found any damaged node. */
  async healMaps(): Promise<void> {
    const { reader, suspects, signal } = this.#job;
    if (!suspects.some(({ pack }) => isMapPack(pack))) return;
    const inner = new InnerNodes(reader, signal);
    for (const { family, disk } of (await this.#loadPoints()).all) {
      await inner.visit(disk, (lost) => this.#rebuild(lost, { family }));
    }
    await this.#publish();
  }

  /**
   * The plan with all that is damaged in the previous map read again, and without trust in its damaged nodes. A full
   * backup comes across whatever its disk held before, others only across what they are compared with.
   */
  async addTo(plan: DiskPlan): Promise<DiskPlan> {
    const { reader, healer, suspects, signal } = this.#job;
    if (plan.before === undefined) {
      healer.expect(suspects.filter(({ pack }) => isMapPack(pack)));
      return plan;
    }
    const disk = plan.disk.id;
    const family = familyOf(this.#job.resource, disk);
    const rebuild = (lost: NodePlace) => this.#rebuild(lost, { family });
    const damage = await findDamage(reader, plan.before, { suspects, rebuild, signal });
    await this.#publish();
    const nodes = damage.nodes.map(({ ref }) => ref);
    healer.expect(nodes);
    this.#lost.push(...damage.nodes.map((place) => ({ ...place, disk })));
    for (const place of [...nodes, ...damage.blocks]) this.#found.add(placeOf(place));
    return { ...plan, untrusted: new Set(nodes.map(placeOf)), runs: mergeRuns(plan.runs, damage.runs) };
  }

  /**
   * Tells readers of older points where blocks and nodes are now. Before the manifest, so that nothing is acknowledged
   * half healed, and after everything is stored: the new maps help with what could not be made again without them.
   */
  async finish(blocks: MovedByPack, disks: readonly ManifestDisk[]): Promise<HealingResult> {
    const lost = [...this.#lost];
    for (let next = lost.shift(); next !== undefined; next = lost.shift()) {
      const { disk } = next;
      if (this.#job.healer.isHealed(next.ref)) continue;
      const current = disks.find(({ id }) => id === disk);
      const node = await this.#rebuild(next, { family: familyOf(this.#job.resource, disk), current });
      if (node !== undefined) lost.push(...(await this.#lostBelow(next, node)));
    }
    await this.#publish(blocks);
    const left = [...this.#found].filter((place) => !this.#healed.has(place));
    return { healed: this.#healed.size, stillDamaged: left.length };
  }

  /** What the node hid while it was lost itself. */
  async #lostBelow(at: LostNode, node: MapNode): Promise<LostNode[]> {
    const found: LostNode[] = [];
    for (const [position, ref] of node.children.entries()) {
      if (ref === undefined || at.level === 0) continue;
      const first = at.first + position * blocksPerChild(at.level);
      const level = at.level - 1;
      const intact = await this.#job.reader.readIfIntact(ref, level, this.#job.signal);
      if (intact !== undefined) continue;
      found.push({ ref, level, first, disk: at.disk });
      this.#found.add(placeOf(ref));
    }
    return found;
  }

  #loadPoints(): Promise<PointDisks> {
    this.#points ??= PointDisks.load(this.#repository, this.#job.signal);
    return this.#points;
  }

  async #rebuild(
    lost: NodePlace,
    kin: { readonly family: string; readonly current?: ManifestDisk },
  ): Promise<MapNode | undefined> {
    const points = await this.#loadPoints();
    const relatives = points.relatives(kin.family, attemptOfPack(lost.ref.pack));
    const all = kin.current === undefined ? relatives : [...relatives, kin.current];
    const node = await this.#rebuilder.rebuild(lost, all);
    if (node === undefined) return undefined;
    this.#job.healer.expect([lost.ref]);
    await this.#job.nodes.writeAgain(node);
    return node;
  }

  /** Writes down where healed blocks and nodes are, when they are stored. */
  async #publish(blocks: MovedByPack = new Map()): Promise<void> {
    const { healer, nodes, uploader, signal } = this.#job;
    const moves = [...blocks, ...healer.takeHealed()];
    if (moves.length === 0) return;
    await nodes.finish();
    await uploader.finish();
    for (const [pack, moved] of moves) {
      const name = movedPrefix(pack) + randomId(this.#repository.deps);
      const content = { name, kind: objectKinds.moved, plain: encodeMoved(moved) };
      await putSealed(this.#repository, content, signal);
      for (const { slot } of moved) this.#healed.add(placeOf({ pack, slot }));
    }
  }
}
