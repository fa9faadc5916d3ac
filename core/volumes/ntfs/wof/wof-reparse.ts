import type { Fields } from '../../disk/index.ts';
import { decompressLzx } from './lzx.ts';
import { decompressXpress } from './xpress.ts';

/** Name of the stream that holds the compressed content; the main one is then a hole of the right size. */
export const WOF_STREAM = 'WofCompressedData';

export interface WofCompression {
  /** Bytes that are compressed together. */
  readonly chunk: number;
  readonly decompress: (input: Uint8Array, size: number) => Uint8Array;
}

/** In the order of their numbers in FILE_PROVIDER_EXTERNAL_INFO_V1 ([MS-FSCC] 2.1.2 and the Windows SDK's wofapi.h). */
const ALGORITHMS: readonly WofCompression[] = [
  { chunk: 4096, decompress: decompressXpress },
  { chunk: 32_768, decompress: decompressLzx },
  { chunk: 8192, decompress: decompressXpress },
  { chunk: 16_384, decompress: decompressXpress },
];
const VERSION = 1;
const FILE_PROVIDER = 2;

/** How a file of the Windows overlay filter is compressed; undefined where its content is in an image elsewhere. */
export function parseWofReparse(data: Fields): WofCompression | undefined {
  const isOwn = data.u32(0) === VERSION && data.u32(4) === FILE_PROVIDER && data.u32(8) === VERSION;
  return isOwn ? ALGORITHMS[data.u32(12)] : undefined;
}
