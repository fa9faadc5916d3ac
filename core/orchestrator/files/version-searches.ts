import { type FilePlace, type FileVersion, type FileVersions, toAppError } from '../../contract/index.ts';
import type { PointRecord } from '../../db/index.ts';
import type { FileRecoveryDeps, UsedRecovery } from './file-recovery-service.ts';
import { type OpenedPoint, openPointDirectly } from './opened-points.ts';
import { changeByFacts, contentHash, unreadable, type VersionFacts, versionFacts } from './version-facts.ts';

/** The versions of files in the other restore points of their machine, looked up in the background. */
export interface VersionSearches {
  /** What is known now; starts looking when nobody has asked for this file in this session before. */
  of(recovery: UsedRecovery, place: FilePlace): FileVersions;
  close(): Promise<void>;
}

/** Of every session, the answers for so many files are kept. */
const keptSearches = 50;

export function createVersionSearches(deps: Pick<FileRecoveryDeps, 'context' | 'openers'>): VersionSearches {
  const sessions = new WeakMap<AbortSignal, Map<string, VersionSearch>>();
  const closing = new AbortController();
  let last: Promise<void> = Promise.resolve();
  return {
    of(recovery, place) {
      const known = sessions.get(recovery.ended) ?? new Map<string, VersionSearch>();
      sessions.set(recovery.ended, known);
      const key = `${place.volumeId}:${place.path}`;
      const search = known.get(key) ?? new VersionSearch(deps, recovery, place);
      if (!known.has(key)) {
        const signal = AbortSignal.any([recovery.ended, closing.signal]);
        // One after another: each has two points open at a time.
        last = last.then(() => search.run(signal));
      }
      known.delete(key);
      known.set(key, search);
      const [oldest] = known.keys();
      if (known.size > keptSearches && oldest !== undefined) known.delete(oldest);
      return search.found;
    },
    async close() {
      closing.abort();
      await last;
    },
  };
}

interface Looked {
  readonly point: PointRecord;
  readonly opened: OpenedPoint | null;
  readonly facts: VersionFacts;
}

/** The search for one file, from the newest point to the oldest. Two points are open at a time. */
class VersionSearch {
  readonly #deps: Pick<FileRecoveryDeps, 'context' | 'openers'>;
  readonly #recovery: UsedRecovery;
  readonly #place: FilePlace;
  readonly #points: readonly PointRecord[];
  readonly #versions: FileVersion[] = [];
  #done = false;

  constructor(deps: Pick<FileRecoveryDeps, 'context' | 'openers'>, recovery: UsedRecovery, place: FilePlace) {
    this.#deps = deps;
    this.#recovery = recovery;
    this.#place = place;
    const { resourceId, repositoryId } = recovery.point;
    this.#points = deps.context.database.points
      .list({ resourceId, repositoryId: repositoryId ?? undefined })
      .filter(({ state }) => state !== 'missing');
  }

  get found(): FileVersions {
    return {
      state: this.#done ? 'done' : 'working',
      looked: this.#versions.length,
      points: this.#points.length,
      versions: this.#versions.map((version) => ({ ...version })),
    };
  }

  /** Never rejects: what cannot be looked at is said in its version. */
  async run(signal: AbortSignal): Promise<void> {
    let next = this.#look(this.#points[0], signal);
    let newer: Looked | null = null;
    for (const [index] of this.#points.entries()) {
      const looked: Looked | null = await next;
      if (looked === null) break;
      next = this.#look(this.#points[index + 1], signal);
      if (newer !== null) await this.#compare(newer, looked, signal);
      this.#versions.push(newVersion(looked));
      await newer?.opened?.close();
      newer = looked;
    }
    await newer?.opened?.close();
    await (await next)?.opened?.close();
    const oldest = this.#versions.at(-1);
    if (oldest?.presence === 'present' && !signal.aborted) oldest.change = 'first';
    this.#done = true;
  }

  async #look(point: PointRecord | undefined, signal: AbortSignal): Promise<Looked | null> {
    if (point === undefined || signal.aborted) return null;
    let opened: OpenedPoint | null = null;
    try {
      opened =
        point.id === this.#recovery.point.id
          ? this.#own()
          : await openPointDirectly(this.#deps, point, signal);
      return { point, opened, facts: await versionFacts(opened.service, this.#place, signal) };
    } catch (thrown) {
      await opened?.close();
      return { point, opened: null, facts: unreadable(toAppError(thrown).message) };
    }
  }

  /** The session's own point is open already and stays open. */
  #own(): OpenedPoint {
    return { service: this.#recovery.service, close: async () => undefined };
  }

  async #compare(newer: Looked, older: Looked, signal: AbortSignal): Promise<void> {
    const version = this.#versions.at(-1);
    if (version === undefined) return;
    const change = changeByFacts(older.facts, newer.facts);
    version.change = change ?? (await this.#compareContent(version, { newer, older }, signal));
  }

  async #compareContent(
    version: FileVersion,
    { newer, older }: { readonly newer: Looked; readonly older: Looked },
    signal: AbortSignal,
  ): Promise<FileVersion['change']> {
    if (newer.opened === null || older.opened === null) return 'unknown';
    try {
      version.sha256 ??= await contentHash(newer.opened.service, this.#place, signal);
      const before = await contentHash(older.opened.service, this.#place, signal);
      return before === version.sha256 ? 'same' : 'changed';
    } catch (thrown) {
      version.problem = toAppError(thrown).message;
      return 'unknown';
    }
  }
}

function newVersion({ point, facts }: Looked): FileVersion {
  const { presence, sizeBytes, modified, problem } = facts;
  const { id: pointId, takenAt } = point;
  return { pointId, takenAt, presence, sizeBytes, modified, problem, sha256: null, change: 'unknown' };
}
