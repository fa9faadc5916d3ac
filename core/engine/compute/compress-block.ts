import { constants, zstdCompressSync } from 'node:zlib';
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

/**
 * One block, compressed when that pays. The output buffer holds the worst case, which lets zstd write straight
 * into it; what does not shrink by at least 1/64 is stored raw, which reads faster.
 */
export function compressBlock(plain: Uint8Array): Encoded {
  const packed = zstdCompressSync(plain, { chunkSize: worstCase(plain.length), params });
  return packed.length <= plain.length - (plain.length >> 6)
    ? { encoding: encodings.zstd, bytes: packed }
    : { encoding: encodings.raw, bytes: plain };
}

/** zstd's own bound on what `length` bytes can grow to. */
function worstCase(length: number): number {
  return length + (length >> 8) + 1024;
}
