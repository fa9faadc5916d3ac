import { toAppError } from '../../contract/index.ts';

/** Hands on what can be read of a content and keeps why it ended early. */
export class ReadableContent {
  readonly #content: AsyncIterable<Uint8Array>;
  #broken: string | undefined;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#content = content;
  }

  /** Set once `pieces` has ended. */
  get broken(): string | undefined {
    return this.#broken;
  }

  /** Ends quietly where the guest's data ends it; what concerns the whole archive is thrown. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#content;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!['damaged', 'not-supported', 'not-found', 'invalid-input'].includes(error.code)) throw error;
      this.#broken = error.message;
    }
  }
}
