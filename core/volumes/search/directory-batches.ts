import { isUnreadable } from '../disk/index.ts';
import { type DirectoryEntry, type NodeId, type NodeInfo, oneAhead } from '../tree/index.ts';
import type { Volume } from '../volume.ts';

/** An entry with its metadata, or without where that cannot be read. */
export interface KnownEntry {
  readonly entry: DirectoryEntry;
  readonly info: NodeInfo | undefined;
}

const STAT_AT_ONCE = 4096;

/**
 * The entries of one directory in batches. The first batch is under way as soon as this is made, so that
 * several directories can be waited for at the same time.
 */
export class DirectoryBatches {
  readonly #batches: AsyncGenerator<KnownEntry[]>;
  readonly #first: Promise<IteratorResult<KnownEntry[]>>;

  constructor(volume: Volume, directory: NodeId, signal: AbortSignal) {
    this.#batches = readBatches(volume, directory, signal);
    this.#first = this.#batches.next();
    // Whoever gives up before this directory's turn must not leave a failure unheard.
    this.#first.catch(() => undefined);
  }

  async *take(): AsyncGenerator<KnownEntry[]> {
    for (let step = await this.#first; !step.done; step = await this.#batches.next()) yield step.value;
  }
}

async function* readBatches(
  volume: Volume,
  directory: NodeId,
  signal: AbortSignal,
): AsyncGenerator<KnownEntry[]> {
  for await (const batch of oneAhead(volume.fileSystem.entries(directory, signal)))
    for (let from = 0; from < batch.length; from += STAT_AT_ONCE) {
      const entries = batch.slice(from, from + STAT_AT_ONCE);
      const infos = await Promise.all(entries.map(({ id }) => infoOf(volume, id, signal)));
      yield entries.map((entry, index) => ({ entry, info: infos[index] }));
    }
}

async function infoOf(volume: Volume, id: NodeId, signal: AbortSignal): Promise<NodeInfo | undefined> {
  try {
    return await volume.fileSystem.stat(id, signal);
  } catch (thrown) {
    if (isUnreadable(thrown)) return undefined;
    throw thrown;
  }
}
