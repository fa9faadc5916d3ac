import type { Volume } from '../../volumes/index.ts';
import { VolumeIndex, type VolumeIndexOptions } from './volume-index.ts';

/** The indexes of a point's volumes, built one after another in the background, each when it is first wanted. */
export class VolumeIndexes {
  readonly #options: VolumeIndexOptions;
  readonly #indexes = new Map<string, VolumeIndex>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: VolumeIndexOptions) {
    this.#options = options;
  }

  /** The index of a volume as far as it is; starts it when nobody did. */
  of(volume: Volume): VolumeIndex {
    const known = this.#indexes.get(volume.facts.id);
    if (known !== undefined && !known.worthAnotherTry) return known;
    const index = new VolumeIndex(volume, this.#options);
    this.#indexes.set(volume.facts.id, index);
    this.#last = this.#last.then(() => index.build());
    return index;
  }

  /** Resolves when nothing is being built any more. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
