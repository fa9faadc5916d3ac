import { MovedTables } from '../collect/moved-tables.ts';
import { mapInOrder } from '../concurrency.ts';
import { kindOfName, packName, prefixes } from '../format/names.ts';
import type { Repository } from '../model.ts';
import { NumberSet } from '../packs/number-set.ts';
import { readManifestOrFence } from '../points/read-manifest.ts';
import { type OpenRepository, opened } from '../repository/open-state.ts';
import { attributeDamage, type CheckedPoint } from './attribute-damage.ts';
import { checkNames } from './check-names.ts';
import { checkObjects, type Inventory, noteDamage, takeInventory } from './check-objects.ts';
import { checkPack, type PackResult, stretchLength } from './check-pack.ts';
import { ExpectedBlocks, MapWalker } from './expected-blocks.ts';
import { PackBuffers } from './pack-buffers.ts';
import { countDue, type PackSample, packsDue, refuseBadSample } from './pack-sample.ts';
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
  readonly points: readonly CheckedPoint[];
  readonly expected: ExpectedBlocks;
  /** Numbers of packs in which not everything is as it must be, or that are not there. */
  readonly troubled: NumberSet;
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
  const points = await readPoints({ state, findings, inventory }, signal);
  const check: Check = {
    state,
    options,
    findings,
    inventory,
    points,
    expected: new ExpectedBlocks(inventory.packs.numbers),
    troubled: new NumberSet(),
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
    pointsChecked: points.length,
    objectsChecked: inventory.others.length + packs.packsChecked,
    findings: findings.toArray(),
    noted,
  };
}

async function readPoints(
  job: Pick<Check, 'state' | 'findings' | 'inventory'>,
  signal?: AbortSignal,
): Promise<CheckedPoint[]> {
  const points: CheckedPoint[] = [];
  for (const { name } of job.inventory.others) {
    if (kindOfName(name) !== 'point') continue;
    try {
      const manifest = await readManifestOrFence(job.state, name, signal);
      if (manifest !== undefined) points.push({ id: manifest.id, disks: manifest.disks });
    } catch (thrown) {
      noteDamage(name, thrown, job.findings);
      job.findings.addAffected(name, name.slice(prefixes.points.length));
    }
  }
  return points;
}

async function expectBlocks(check: Check): Promise<void> {
  const walker = new MapWalker(check.state, check.options.signal);
  const { numbers } = check.inventory.packs;
  for (const disk of check.points.flatMap((point) => point.disks)) {
    await walker.walkDisk(disk, {
      visit: (ref) => check.expected.add(ref),
      broken(ref, error) {
        check.troubled.add(numbers.add(ref.pack));
        check.findings.add(packName(ref.pack), error.details['reason'] ?? error.message);
      },
    });
  }
}

/** A pack may be gone when all that maps expect of it was moved elsewhere. */
async function noteMissing(check: Check): Promise<void> {
  const { packs } = check.inventory;
  const named = packs.numbers.size;
  if (named === packs.size) return;
  const moved = await MovedTables.loadReadable(check.state, packs, check.options.signal);
  // Those in the listing have the first numbers; those that only tables name are expected by no map.
  for (let pack = packs.size; pack < named; pack++) {
    if (survivesWhole(check, { moved, pack })) continue;
    check.troubled.add(pack);
    check.findings.add(packName(packs.numbers.idOf(pack)), 'it is missing');
  }
}

function survivesWhole(check: Check, { moved, pack }: { moved: MovedTables; pack: number }): boolean {
  for (const slot of check.expected.slots(pack)) {
    if (!moved.survives({ pack, slot }, (kept) => check.inventory.packs.holds(kept))) return false;
  }
  return true;
}

type PackCounts = Pick<CheckReport, 'packsChecked' | 'blocksChecked' | 'bytesRead' | 'resumeAfter'>;

/** Several packs at a time, so that reading, opening and waiting for the store overlap; results in order of names. */
const packsAtOnce = { quick: 32, deep: 3 } as const;

async function checkPacks(check: Check): Promise<PackCounts> {
  const { options, inventory } = check;
  const { maxBytes = Number.POSITIVE_INFINITY, signal, level } = options;
  const packsTotal = countDue(inventory.packs, options);
  const counts = { packsChecked: 0, blocksChecked: 0, bytesRead: 0 };
  const buffers = new PackBuffers(Math.min(longestPack(inventory), stretchLength));
  const due = packsDue(inventory.packs, options);
  const results = mapInOrder(due, { concurrency: packsAtOnce[level], signal }, ([packId, size]) =>
    checkPack(check.state, { packId, size, level, buffers, expected: check.expected }, signal),
  );
  for await (const result of results) {
    counts.packsChecked++;
    counts.blocksChecked += result.blocks;
    counts.bytesRead += result.bytesRead;
    noteTrouble(check, result);
    const { packsChecked, bytesRead } = counts;
    options.onProgress?.({ packsTotal, packsChecked, bytesRead });
    if (bytesRead >= maxBytes && packsChecked < packsTotal) {
      return { ...counts, resumeAfter: result.packId };
    }
  }
  return { ...counts, resumeAfter: undefined };
}

function longestPack({ packs }: Inventory): number {
  let longest = 0;
  for (let pack = 0; pack < packs.size; pack++) longest = Math.max(longest, packs.sizeOf(pack));
  return longest;
}

function noteTrouble(check: Check, { packId, trouble }: PackResult): void {
  if (trouble === undefined) return;
  check.troubled.add(check.inventory.packs.numbers.add(packId));
  check.findings.add(packName(packId), trouble);
}

/** Only then is a block that was not found to be damaged known to be intact. */
function sawEverything(options: CheckOptions, packs: PackCounts): boolean {
  const { level, startAfter, sample = 1 } = options;
  return level === 'deep' && startAfter === undefined && sample === 1 && packs.resumeAfter === undefined;
}
