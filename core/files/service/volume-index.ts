import { type AppError, type FileIndexState, toAppError } from '../../contract/index.ts';
import { buildIndex, type FileIndex, type Volume } from '../../volumes/index.ts';

export interface VolumeIndexOptions {
  /** Ends the building. */
  readonly signal: AbortSignal;
  /** Entries that it may have. */
  readonly limit: number;
}

/** A part of an index is copied for searching when it has grown by this factor since the last copy. */
const WORTH_A_COPY = 1.25;

/** The search index of one volume, from its start on. */
export class VolumeIndex {
  readonly volume: Volume;
  readonly #options: VolumeIndexOptions;
  /** The whole index, or what was there of it when it was last searched. */
  #index: FileIndex | undefined;
  #soFar: (() => FileIndex) | undefined;
  #ready = false;
  #entries = 0;
  #unread = 0;
  #failure: AppError | undefined;

  constructor(volume: Volume, options: VolumeIndexOptions) {
    this.volume = volume;
    this.#options = options;
  }

  /** What can be searched: everything once it is ready, before that what was read so far. */
  get index(): FileIndex | undefined {
    const grown = this.#entries > (this.#index?.count ?? 0) * WORTH_A_COPY;
    if (this.#soFar !== undefined && grown) this.#index = this.#soFar();
    return this.#index;
  }

  /** Whether building it again may give more. */
  get worthAnotherTry(): boolean {
    return this.#failure?.retryable === true;
  }

  get state(): FileIndexState {
    return {
      volumeId: this.volume.facts.id,
      state: this.#failure !== undefined ? 'failed' : this.#ready ? 'ready' : 'building',
      entries: this.#entries,
      unread: this.#unread,
      problem: this.#failure?.message ?? null,
    };
  }

  /** Reads the volume's metadata; a failure is kept in the state. */
  async build(): Promise<void> {
    try {
      const built = await buildIndex(this.volume, {
        ...this.#options,
        onProgress: ({ entries, soFar }) => {
          this.#entries = entries;
          this.#soFar = soFar;
        },
      });
      this.#index = built.index;
      this.#ready = true;
      this.#entries = built.index.count;
      this.#unread = built.unread;
    } catch (thrown) {
      this.#failure = toAppError(thrown);
    } finally {
      this.#soFar = undefined;
    }
  }
}
