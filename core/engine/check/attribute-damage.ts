import { AppError } from '../../contract/index.ts';
import { type BlockRef, placeOf } from '../format/block-ref.ts';
import type { Manifest } from '../format/manifest.ts';
import { packName } from '../format/names.ts';
import type { Suspect } from '../format/suspects.ts';
import { BlockReader } from '../read/block-reader.ts';
import type { OpenRepository } from '../repository/open-state.ts';
import { type Inventory, stillThere } from './check-objects.ts';
import { MapWalker } from './expected-blocks.ts';
import type { FindingList } from './report.ts';

export interface DamageJob {
  readonly state: OpenRepository;
  readonly findings: FindingList;
  readonly inventory: Inventory;
  readonly manifests: readonly Manifest[];
  readonly troubled: ReadonlySet<string>;
}

/**
 * Finds out whom the trouble hurts: every block that a map expects in a troubled pack is read the way a restore
 * would, with all its other places. Gives the blocks and map nodes that are nowhere intact. Points deleted meanwhile do not
 * count.
 */
export async function attributeDamage(job: DamageJob, signal?: AbortSignal): Promise<Suspect[]> {
  if (job.troubled.size === 0) return [];
  const probe = new Probe(job);
  for (const manifest of job.manifests) {
    if (!(await stillThere(job.state, manifest.id, signal))) continue;
    for (const disk of manifest.disks) await attributeDisk(job, { probe, manifest, disk }, signal);
  }
  return probe.suspects;
}

async function attributeDisk(
  job: DamageJob,
  at: { readonly probe: Probe; readonly manifest: Manifest; readonly disk: Manifest['disks'][number] },
  signal?: AbortSignal,
): Promise<void> {
  const doubtful: BlockRef[] = [];
  await new MapWalker(job.state, signal).walkDisk(at.disk, {
    visit(ref, kind) {
      if (kind === 'block' && at.probe.isDoubtful(ref)) doubtful.push(ref);
      return true;
    },
    broken: (ref, error) => {
      job.findings.add(packName(ref.pack), error.details['reason'] ?? error.message);
      job.findings.addAffected(packName(ref.pack), at.manifest.id, at.disk.id);
      at.probe.addSuspect(ref);
    },
  });
  for (const ref of doubtful) {
    if (await at.probe.readable(ref, signal)) continue;
    job.findings.add(packName(ref.pack), 'a block in it is nowhere intact');
    job.findings.addAffected(packName(ref.pack), at.manifest.id, at.disk.id);
  }
}

/** Tries blocks, each once. */
class Probe {
  readonly suspects: Suspect[] = [];
  readonly #job: DamageJob;
  readonly #reader: BlockReader;
  readonly #known = new Map<string, boolean>();

  constructor(job: DamageJob) {
    this.#job = job;
    this.#reader = new BlockReader(job.state);
  }

  isDoubtful(ref: BlockRef): boolean {
    return this.#job.troubled.has(ref.pack) || !this.#job.inventory.packs.has(ref.pack);
  }

  async readable(ref: BlockRef, signal?: AbortSignal): Promise<boolean> {
    const key = placeOf(ref);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const readable = await this.#read(ref, signal);
    this.#known.set(key, readable);
    if (!readable) this.suspects.push(ref);
    return readable;
  }

  /** A map node that is nowhere intact. */
  addSuspect(ref: BlockRef): void {
    if (this.#known.has(placeOf(ref))) return;
    this.#known.set(placeOf(ref), false);
    this.suspects.push(ref);
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
