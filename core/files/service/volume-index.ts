import { type AppError, type FileIndexState, toAppError } from '../../contract/index.ts';
import { buildIndex, type FileIndex, type Volume } from '../../volumes/index.ts';

export interface VolumeIndexOptions {
  /** Ends the building. */
  readonly signal: AbortSignal;
  /** Entries that it may have. */
  readonly limit: number;
}

/** The search index of one volume, from its start on. */
export class VolumeIndex {
  readonly volume: Volume;
  readonly #options: VolumeIndexOptions;
  #index: FileIndex | undefined;
  #entries = 0;
  #unread = 0;
  #failure: AppError | undefined;

  constructor(volume: Volume, options: VolumeIndexOptions) {
    this.volume = volume;
    this.#options = options;
  }

  /** Undefined until it is ready. */
  get index(): FileIndex | undefined {
    return this.#index;
  }

  /** Whether building it again may give more. */
  get worthAnotherTry(): boolean {
    return this.#failure?.retryable === true;
  }

  get state(): FileIndexState {
    return {
      volumeId: this.volume.facts.id,
      state: this.#failure !== undefined ? 'failed' : this.#index === undefined ? 'building' : 'ready',
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
        onProgress: ({ entries }) => {
          this.#entries = entries;
        },
      });
      this.#index = built.index;
      this.#entries = built.index.count;
      this.#unread = built.unread;
    } catch (thrown) {
      this.#failure = toAppError(thrown);
    }
  }
}
