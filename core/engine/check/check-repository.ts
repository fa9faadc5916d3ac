import { MovedTables } from '../collect/moved-tables.ts';
import { mapInOrder } from '../concurrency.ts';
import type { Manifest } from '../format/manifest.ts';
import { kindOfName, packName, prefixes } from '../format/names.ts';
import type { Repository } from '../model.ts';
import { readManifestOrFence } from '../points/read-manifest.ts';
import { type OpenRepository, opened } from '../repository/open-state.ts';
import { attributeDamage } from './attribute-damage.ts';
import { checkNames } from './check-names.ts';
import { checkObjects, type Inventory, noteDamage, takeInventory } from './check-objects.ts';
import { checkPack, type PackResult, stretchLength } from './check-pack.ts';
import { ExpectedPack, MapWalker } from './expected-blocks.ts';
import { PackBuffers } from './pack-buffers.ts';
import { isInSample, type PackSample, refuseBadSample } from './pack-sample.ts';
import { type CheckLevel, type CheckReport, FindingList } from './report.ts';
import { noteSuspects } from './suspects.ts';

export interface CheckOptions extends PackSample {
  readonly level: CheckLevel;
  readonly onProgress?: (progress: CheckProgress) => void;
  readonly signal?: AbortSignal;
}

export interface CheckProgress {
  readonly packsTotal: number;
  readonly packsChecked: number;
  readonly bytesRead: number;
}

interface Check {
  readonly state: OpenRepository;
  readonly options: CheckOptions;
  readonly findings: FindingList;
  readonly inventory: Inventory;
  readonly manifests: readonly Manifest[];
  /** What maps expect, by pack. */
  readonly expected: Map<string, ExpectedPack>;
  /** Packs in which not everything is as it must be, or that are not there. */
  readonly troubled: Set<string>;
}

/**
 * Looks for anything that keeps a restore point from being restored. Every finding names its object and the
 * points and disks that suffer. Blocks that are nowhere intact are noted in the repository, so that the next
 * backup that still has them stores them again.
 */
export async function checkRepository(repository: Repository, options: CheckOptions): Promise<CheckReport> {
  refuseBadSample(options);
  const state = opened(repository);
  const { signal, level } = options;
  const findings = new FindingList();
  const inventory = await takeInventory(state.store, signal);
  for (const { object, reason } of checkNames(inventory)) findings.add(object, reason);
  await checkObjects(state, { objects: inventory.others, findings, signal });
  const manifests = await readManifests({ state, findings, inventory }, signal);
  const check: Check = {
    state,
    options,
    findings,
    inventory,
    manifests,
    expected: new Map(),
    troubled: new Set(),
  };
  await expectBlocks(check);
  await noteMissing(check);
  const packs = await checkPacks(check);
  const suspects = await attributeDamage(check, signal);
  const noted = await noteSuspects(state, { suspects, whole: sawEverything(options, packs), signal });
  return {
    level,
    complete: packs.resumeAfter === undefined,
    ...packs,
    pointsChecked: manifests.length,
    objectsChecked: inventory.others.length + packs.packsChecked,
    findings: findings.toArray(),
    noted,
  };
}

async function readManifests(
  job: Pick<Check, 'state' | 'findings' | 'inventory'>,
  signal?: AbortSignal,
): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const { name } of job.inventory.others) {
    if (kindOfName(name) !== 'point') continue;
    try {
      const manifest = await readManifestOrFence(job.state, name, signal);
      if (manifest !== undefined) manifests.push(manifest);
    } catch (thrown) {
      noteDamage(name, thrown, job.findings);
      job.findings.addAffected(name, name.slice(prefixes.points.length));
    }
  }
  return manifests;
}

async function expectBlocks(check: Check): Promise<void> {
  const walker = new MapWalker(check.state, check.options.signal);
  const expectedIn = (pack: string) => {
    const known = check.expected.get(pack) ?? new ExpectedPack();
    check.expected.set(pack, known);
    return known;
  };
  for (const disk of check.manifests.flatMap((manifest) => manifest.disks)) {
    await walker.walkDisk(disk, {
      visit: (ref) => expectedIn(ref.pack).add(ref),
      broken(ref, error) {
        check.troubled.add(ref.pack);
        check.findings.add(packName(ref.pack), error.details['reason'] ?? error.message);
      },
    });
  }
}

/** A pack may be gone when all that maps expect of it was moved elsewhere. */
async function noteMissing(check: Check): Promise<void> {
  const missing = [...check.expected].filter(([pack]) => !check.inventory.packs.has(pack));
  if (missing.length === 0) return;
  const moved = await MovedTables.loadReadable(check.state, check.options.signal);
  const there = new Set(check.inventory.packs.keys());
  for (const [pack, expected] of missing) {
    if ([...expected.slots()].every((slot) => moved.survives({ pack, slot }, there))) continue;
    check.troubled.add(pack);
    check.findings.add(packName(pack), 'it is missing');
  }
}

type PackCounts = Pick<CheckReport, 'packsChecked' | 'blocksChecked' | 'bytesRead' | 'resumeAfter'>;

/** Several packs at a time, so that reading, opening and waiting for the store overlap; results in order of names. */
const packsAtOnce = { quick: 8, deep: 3 } as const;

async function checkPacks(check: Check): Promise<PackCounts> {
  const { options, inventory } = check;
  const { startAfter = '', maxBytes = Number.POSITIVE_INFINITY, signal, level } = options;
  const due = [...inventory.packs].filter(([pack]) => pack > startAfter && isInSample(pack, options));
  const counts = { packsChecked: 0, blocksChecked: 0, bytesRead: 0 };
  const longest = due.reduce((length, [, size]) => Math.max(length, size), 0);
  const buffers = new PackBuffers(Math.min(longest, stretchLength));
  const results = mapInOrder(due, { concurrency: packsAtOnce[level], signal }, ([packId, size]) =>
    checkPack(check.state, { packId, size, level, buffers, expected: check.expected.get(packId) }, signal),
  );
  for await (const result of results) {
    counts.packsChecked++;
    counts.blocksChecked += result.blocks;
    counts.bytesRead += result.bytesRead;
    noteTrouble(check, result);
    const { packsChecked, bytesRead } = counts;
    options.onProgress?.({ packsTotal: due.length, packsChecked, bytesRead });
    if (bytesRead >= maxBytes && packsChecked < due.length) {
      return { ...counts, resumeAfter: result.packId };
    }
  }
  return { ...counts, resumeAfter: undefined };
}

function noteTrouble(check: Check, { packId, trouble }: PackResult): void {
  if (trouble === undefined) return;
  check.troubled.add(packId);
  check.findings.add(packName(packId), trouble);
}

/** Only then is a block that was not found to be damaged known to be intact. */
function sawEverything(options: CheckOptions, packs: PackCounts): boolean {
  const { level, startAfter, sample = 1 } = options;
  return level === 'deep' && startAfter === undefined && sample === 1 && packs.resumeAfter === undefined;
}
