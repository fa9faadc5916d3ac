import { constants, zstdCompressSync } from 'node:zlib';
import { type Encoded, encodings } from '../format/encoding.ts';

/**
 * One block, compressed when that pays. The output buffer is as large as the block so that the compressor
 * never has to grow it; what does not shrink by at least 1/64 is stored raw, which reads faster.
 */
export function compressBlock(plain: Uint8Array): Encoded {
  const packed = zstdCompressSync(plain, {
    chunkSize: plain.length + 1024,
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
  });
  return packed.length <= plain.length - (plain.length >> 6)
    ? { encoding: encodings.zstd, bytes: packed }
    : { encoding: encodings.raw, bytes: plain };
}
