import { constants, createZstdCompress } from 'node:zlib';
import { AppError } from '../../contract/index.ts';
import { type Encoded, encodings } from '../format/encoding.ts';

/**
 * Chosen by measuring (`docs/adr/0011-engine-speed.md`): the fast strategy with a table of 2^15, a window of
 * 2^18 and matches from 6 bytes on gives nearly the size of zstd's level 3 for the time of its level 1.
 */
const params = {
  [constants.ZSTD_c_compressionLevel]: 1,
  [constants.ZSTD_c_strategy]: constants.ZSTD_fast,
  [constants.ZSTD_c_windowLog]: 18,
  [constants.ZSTD_c_hashLog]: 15,
  [constants.ZSTD_c_minMatch]: 6,
};

/** Output is cut from buffers of this size, so that garbage grows with what is stored and not with what is read. */
const outputLength = 8 * 1024 * 1024;

/**
 * Compresses blocks one after another, each into a frame of its own, in one context that lives as long as the
 * compressor: a context a block costs a tenth of the time and most of the garbage collection.
 */
export class BlockCompressor {
  /** Every write is flushed as the end of a frame; the next one begins a new frame. */
  readonly #stream = createZstdCompress({ flush: constants.ZSTD_e_end, chunkSize: outputLength, params });
  #turn: Promise<unknown> = Promise.resolve();
  #parts: Buffer[] = [];
  #failure: Error | undefined;

  constructor() {
    this.#stream.on('data', (part: Buffer) => this.#parts.push(part));
    this.#stream.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  /** Compressed when that pays: what does not shrink by at least 1/64 stays raw, which reads faster. */
  async compress(plain: Uint8Array): Promise<Encoded> {
    const packing = this.#turn.then(() => this.#frameOf(plain));
    this.#turn = packing.catch(() => undefined);
    const packed = await packing;
    return packed.length <= plain.length - (plain.length >> 6)
      ? { encoding: encodings.zstd, bytes: packed }
      : { encoding: encodings.raw, bytes: plain };
  }

  #frameOf(plain: Uint8Array): Promise<Uint8Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    this.#parts = [];
    this.#stream.write(plain, (error) => {
      const failure = error ?? this.#failure;
      if (failure != null) reject(compressionFailed(failure));
      else resolve(this.#takeFrame());
    });
    return promise;
  }

  #takeFrame(): Uint8Array {
    while (this.#stream.readableLength > 0) this.#stream.read();
    const [only, ...others] = this.#parts;
    return only !== undefined && others.length === 0 ? only : Buffer.concat(this.#parts);
  }
}

function compressionFailed(cause: Error): AppError {
  return new AppError('internal', { message: `A block could not be compressed: ${cause.message}.`, cause });
}
