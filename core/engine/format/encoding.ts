import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { damaged } from './bytes.ts';

/** How plain bytes are stored before sealing. */
export const encodings = { raw: 0, zstd: 1 } as const;

export interface Encoded {
  readonly encoding: number;
  readonly bytes: Uint8Array;
}

const compressOptions = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/** For maps, indexes and manifests; blocks have their own, faster way (`compute/compress-block.ts`). */
export function encode(plain: Uint8Array): Encoded {
  const packed = zstdCompressSync(plain, compressOptions);
  return packed.length < plain.length
    ? { encoding: encodings.zstd, bytes: packed }
    : { encoding: encodings.raw, bytes: plain };
}

export interface DecodeOptions {
  readonly encoding: number;
  readonly plainLength: number;
  /** Named in the error. */
  readonly object: string;
}

/** Exactly `plainLength` bytes or `damaged`; never allocates more than that. */
export function decode(stored: Uint8Array, options: DecodeOptions): Uint8Array {
  const plain = decodeAny(stored, options);
  if (plain.length !== options.plainLength) throw damaged(options.object, 'it unpacks to a wrong length');
  return plain;
}

function decodeAny(stored: Uint8Array, options: DecodeOptions): Uint8Array {
  if (options.encoding === encodings.raw) return stored;
  if (options.encoding !== encodings.zstd) throw damaged(options.object, 'its encoding is unknown');
  try {
    return zstdDecompressSync(stored, {
      maxOutputLength: Math.max(1, options.plainLength),
      // A byte to spare: an output buffer that is exactly full makes Node take another one of that size.
      chunkSize: Math.max(64, options.plainLength + 1),
    });
  } catch (thrown) {
    throw damaged(options.object, 'it does not unpack', thrown);
  }
}
