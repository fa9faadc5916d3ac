import { encodeMoved, type MovedBlock, movedPrefix } from '../format/moved.ts';
import { objectKinds } from '../format/sealed-object.ts';
import type { Suspect } from '../format/suspects.ts';
import { MappedDisk } from '../read/open-disk.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { randomId } from '../repository/random-id.ts';
import { putSealed } from '../repository/sealed-store.ts';
import type { DiskPlan } from './plan-disk.ts';
import { type BlockRun, mergeRuns } from './plan-reads.ts';

/**
 * Adds to a plan the blocks that the previous point has and that a health check found damaged. The disk very
 * likely still holds them, and reading them again heals every point that shares them.
 */
export async function readDamagedAgain(
  state: OpenRepository,
  plan: DiskPlan,
  options: { readonly suspects: readonly Suspect[]; readonly signal: AbortSignal | undefined },
): Promise<DiskPlan> {
  if (options.suspects.length === 0 || plan.before === undefined) return plan;
  const wanted = new Set(options.suspects.map(({ pack, slot }) => `${pack}:${slot}`));
  const damagedRuns: BlockRun[] = [];
  const disk = new MappedDisk(state, plan.before, 0);
  for await (const { block, ref } of disk.blockRefs(0, options.signal)) {
    if (wanted.has(`${ref.pack}:${ref.slot}`)) damagedRuns.push({ kind: 'read', first: block, count: 1 });
  }
  return { ...plan, runs: mergeRuns(plan.runs, damagedRuns) };
}

/** Tells readers of older points where the blocks are now. Before the manifest, so that nothing is acknowledged half healed. */
export async function writeHealed(
  state: OpenRepository,
  healed: ReadonlyMap<string, readonly MovedBlock[]>,
  signal?: AbortSignal,
): Promise<void> {
  for (const [pack, blocks] of healed) {
    const name = movedPrefix(pack) + randomId(state.deps);
    await putSealed(state, { name, kind: objectKinds.moved, plain: encodeMoved(blocks) }, signal);
  }
}
