import { AppError } from '../../contract/index.ts';
import type { BlobInfo, BlobStore } from '../blob-store.ts';
import { mapInOrder } from '../concurrency.ts';
import { headerName, kindOfName, type NamedKind, packName } from '../format/names.ts';
import type { StoredPacks } from '../packs/stored-packs.ts';
import { readHeader } from '../repository/inspect-repository.ts';
import { checkNames, type NameFinding } from './check-names.ts';
import { type Inventory, takeInventory } from './check-objects.ts';
import type { CheckProgress } from './check-repository.ts';
import { lookFromOutside, type OutsideLook } from './look-from-outside.ts';
import { countDue, type PackSample, packsDue, refuseBadSample } from './pack-sample.ts';
import type { CheckLevel } from './report.ts';

const parallelReads = 8;

export interface OutsideCheckOptions extends PackSample {
  /** `quick` looks at both ends of packs, `deep` reads them whole and compares checksums. */
  readonly level: CheckLevel;
  readonly onProgress?: (progress: CheckProgress) => void;
  readonly signal?: AbortSignal;
}

export interface OutsideCheckReport {
  readonly level: CheckLevel;
  /** False when it stopped at its limit: go on with `startAfter: resumeAfter`. */
  readonly complete: boolean;
  readonly resumeAfter: string | undefined;
  readonly objectsChecked: number;
  readonly packsChecked: number;
  readonly bytesRead: number;
  readonly findings: readonly NameFinding[];
  /** What this check cannot know or did not look at, one sentence each. Never empty. */
  readonly unknown: readonly string[];
}

/**
 * Looks at a repository without its key: names, sizes, headers, public checksums. Finds what was cut off, emptied,
 * renamed, swapped, rotted or put here by somebody else, but not what was forged, and of what is missing only
 * what other names call for. `not-found` when there is no repository, `not-supported` for a newer one.
 */
export async function checkWithoutKey(
  store: BlobStore,
  options: OutsideCheckOptions,
): Promise<OutsideCheckReport> {
  refuseBadSample(options);
  const inventory = await takeInventory(store, options.signal);
  const look = new Look(store, options);
  for (const { object, reason } of checkNames(inventory)) look.findings.set(object, reason);
  await look.atOthers(inventory);
  await requireKeySlot(store, { inventory, look, signal: options.signal });
  const resumeAfter = await look.atPacks(inventory);
  return {
    level: options.level,
    complete: resumeAfter === undefined,
    resumeAfter,
    objectsChecked: look.objects,
    packsChecked: look.packs,
    bytesRead: look.bytesRead,
    findings: [...look.findings].map(([object, reason]) => ({ object, reason })),
    unknown: look.unknown(inventory),
  };
}

interface Looked extends OutsideLook {
  readonly name: string;
}

class Look {
  readonly findings = new Map<string, string>();
  /** Repositories that key slots belong to. */
  readonly slotsOf = new Set<string>();
  objects = 0;
  packs = 0;
  bytesRead = 0;
  #older = 0;
  readonly #store: BlobStore;
  readonly #options: OutsideCheckOptions;

  constructor(store: BlobStore, options: OutsideCheckOptions) {
    this.#store = store;
    this.#options = options;
  }

  async atOthers(inventory: Inventory): Promise<void> {
    const known = inventory.others.flatMap((info) => {
      const kind = kindOfName(info.name);
      return kind === undefined ? [] : [{ info, kind }];
    });
    for await (const looked of this.#look(known)) {
      if (looked.repository !== undefined) this.slotsOf.add(looked.repository);
    }
  }

  /** Where to go on, when it stopped at its limit. */
  async atPacks(inventory: Inventory): Promise<string | undefined> {
    const { maxBytes = Number.POSITIVE_INFINITY, onProgress } = this.#options;
    const packsTotal = countDue(inventory.packs, this.#options);
    const before = this.bytesRead;
    for await (const { name } of this.#look(packJobs(inventory.packs, this.#options))) {
      this.packs++;
      const bytesRead = this.bytesRead - before;
      onProgress?.({ packsTotal, packsChecked: this.packs, bytesRead });
      if (bytesRead >= maxBytes && this.packs < packsTotal) return name.slice(packName('').length);
    }
    return undefined;
  }

  async *#look(jobs: Iterable<OutsideLookJob>): AsyncGenerator<Looked> {
    const { signal, level } = this.#options;
    const looks = mapInOrder(jobs, { concurrency: parallelReads, signal }, async (job): Promise<Looked> => {
      const { name } = job.info;
      try {
        const look = await lookFromOutside(this.#store, { ...job, deep: level === 'deep' }, signal);
        return { name, ...look };
      } catch (thrown) {
        this.#note(name, thrown);
        return { name, bytesRead: 0, vouched: true };
      }
    });
    for await (const look of looks) {
      this.objects++;
      this.bytesRead += look.bytesRead;
      if (!look.vouched) this.#older++;
      yield look;
    }
  }

  /** What vanished meanwhile was removed by a running operation. */
  #note(name: string, thrown: unknown): void {
    if (!(thrown instanceof AppError)) throw thrown;
    if (thrown.code === 'not-found') return;
    if (thrown.code !== 'damaged') throw thrown;
    this.findings.set(name, thrown.details['reason'] ?? thrown.message);
  }

  unknown(inventory: Inventory): string[] {
    const unread = inventory.packs.size - (this.#options.level === 'deep' ? this.packs : 0);
    const { size } = inventory.packs;
    return [
      'Whether packs, index objects or restore points are missing: only the key shows what there ought to be.',
      'Whether somebody changed objects on purpose: checksums without a key can be made anew.',
      'Which restore points suffer from what was found.',
      ...(unread > 0
        ? [`Whether the inside of ${unread} of ${size} packs rotted: a deep check reads them whole.`]
        : []),
      ...(this.#older > 0
        ? [
            `Whether ${this.#older} objects of an earlier build were cut or renamed: they lack a public checksum.`,
          ]
        : []),
    ];
  }
}

interface OutsideLookJob {
  readonly info: BlobInfo;
  readonly kind: NamedKind;
}

function* packJobs(packs: StoredPacks, sample: PackSample): Generator<OutsideLookJob> {
  for (const [pack, size] of packsDue(packs, sample))
    yield { info: infoOf(packName(pack), size), kind: 'pack' };
}

function infoOf(name: string, size: number): BlobInfo {
  return { name, size, modifiedAt: new Date(0) };
}

/** Without its header or any key slot a repository cannot be opened by anybody. */
async function requireKeySlot(
  store: BlobStore,
  job: {
    readonly inventory: Inventory;
    readonly look: Look;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { inventory, look } = job;
  if (!inventory.others.some(({ name }) => name === headerName)) {
    if (inventory.packs.size === 0) throw noRepository();
    look.findings.set(headerName, 'it is missing');
    return;
  }
  if (look.findings.has(headerName)) return;
  const header = (await readHeader(store, job.signal))?.header;
  if (header !== undefined && !look.slotsOf.has(header.id)) {
    look.findings.set('keys/', 'no intact key slot of this repository is there, so no password opens it');
  }
}

function noRepository(): AppError {
  return new AppError('not-found', {
    message: 'There is no repository here.',
    hint: 'Check the address.',
  });
}
