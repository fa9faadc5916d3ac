import { placeOf } from '../format/block-ref.ts';
import { encodeMoved, type MovedBlock, movedPrefix } from '../format/moved.ts';
import { isMapPack } from '../format/pack.ts';
import { objectKinds } from '../format/sealed-object.ts';
import type { Suspect } from '../format/suspects.ts';
import type { HealingResult } from '../model.ts';
import type { NodeReader } from '../read/node-reader.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { randomId } from '../repository/random-id.ts';
import { putSealed } from '../repository/sealed-store.ts';
import { findDamage } from './find-damage.ts';
import { NodeHealer } from './node-healer.ts';
import type { DiskPlan } from './plan-disk.ts';
import { mergeRuns } from './plan-reads.ts';

type MovedByPack = ReadonlyMap<string, readonly MovedBlock[]>;

export interface HealingJob {
  readonly reader: NodeReader;
  /** What health checks found damaged. */
  readonly suspects: readonly Suspect[];
  readonly signal: AbortSignal | undefined;
}

/** What one attempt does about damage in the repository. */
export class Healing {
  readonly nodes: NodeHealer;
  readonly #repository: OpenRepository;
  readonly #job: HealingJob;
  /** Damaged places in the maps that this attempt compares with. */
  readonly #found = new Set<string>();

  constructor(repository: OpenRepository, job: HealingJob) {
    this.#repository = repository;
    this.#job = job;
    this.nodes = new NodeHealer(repository, job.reader);
  }

  /**
   * The plan with all that is damaged in the previous map read again, and without trust in its damaged nodes. A full
   * backup comes across whatever its disk held before, others only across what they are compared with.
   */
  async addTo(plan: DiskPlan): Promise<DiskPlan> {
    const { reader, suspects, signal } = this.#job;
    if (plan.before === undefined) {
      this.nodes.expect(suspects.filter(({ pack }) => isMapPack(pack)));
      return plan;
    }
    const damage = await findDamage(reader, plan.before, { suspects, signal });
    this.nodes.expect(damage.nodes);
    for (const place of [...damage.nodes, ...damage.blocks]) this.#found.add(placeOf(place));
    const untrusted = new Set(damage.nodes.map(placeOf));
    return { ...plan, untrusted, runs: mergeRuns(plan.runs, damage.runs) };
  }

  /**
   * Tells readers of older points where blocks and nodes are now. Before the manifest, so that nothing is acknowledged
   * half healed, and after everything is stored.
   */
  async finish(blocks: MovedByPack): Promise<HealingResult> {
    const healed = new Set<string>();
    for (const [pack, moved] of [...blocks, ...this.nodes.healed]) {
      const name = movedPrefix(pack) + randomId(this.#repository.deps);
      const content = { name, kind: objectKinds.moved, plain: encodeMoved(moved) };
      await putSealed(this.#repository, content, this.#job.signal);
      for (const { slot } of moved) healed.add(placeOf({ pack, slot }));
    }
    const left = [...this.#found].filter((place) => !healed.has(place));
    return { healed: healed.size, stillDamaged: left.length };
  }
}
