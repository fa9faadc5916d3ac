/** Something in a repository that is not as it must be. */
export interface Finding {
  /** Name of the object. */
  readonly object: string;
  readonly reason: string;
  /** Restore points that cannot be restored whole because of it; empty when everything is still readable. */
  readonly affects: readonly AffectedPoint[];
}

export interface AffectedPoint {
  readonly pointId: string;
  /** Ids of its disks; empty when the manifest itself is damaged. */
  readonly disks: readonly string[];
}

export interface CheckReport {
  readonly level: CheckLevel;
  /** False when it stopped at its limit: go on with `startAfter: resumeAfter`. */
  readonly complete: boolean;
  readonly resumeAfter: string | undefined;
  readonly pointsChecked: number;
  readonly objectsChecked: number;
  readonly packsChecked: number;
  readonly blocksChecked: number;
  readonly bytesRead: number;
  readonly findings: readonly Finding[];
  /** False when damaged blocks could not be noted in the repository, for the next backup to heal them. */
  readonly noted: boolean;
}

/** `quick`: everything needed is there, of the right size, with authentic footers. `deep`: every block is opened. */
export type CheckLevel = 'quick' | 'deep';

/** When a store lost millions of packs, nobody reads about each; whom it hurts is told all the same. */
const mostFindings = 5000;

interface Collected {
  readonly object: string;
  readonly reason: string;
  readonly affects: Map<string, Set<string>>;
}

export class FindingList {
  readonly #found = new Map<string, Collected>();
  /** What found no room. */
  #others: Collected | undefined;

  add(object: string, reason: string): void {
    if (this.#found.has(object)) return;
    if (this.#found.size < mostFindings) this.#found.set(object, { object, reason, affects: new Map() });
    else
      this.#others ??= {
        object: 'and more',
        reason: 'more objects are damaged or missing',
        affects: new Map(),
      };
  }

  addAffected(object: string, pointId: string, disk?: string): void {
    const finding = this.#found.get(object) ?? this.#others;
    if (finding === undefined) return;
    const disks = finding.affects.get(pointId) ?? new Set<string>();
    finding.affects.set(pointId, disks);
    if (disk !== undefined) disks.add(disk);
  }

  toArray(): Finding[] {
    const all = [...this.#found.values(), ...(this.#others === undefined ? [] : [this.#others])];
    return all.map(({ object, reason, affects }) => ({
      object,
      reason,
      affects: [...affects].map(([pointId, disks]) => ({ pointId, disks: [...disks] })),
    }));
  }
}
