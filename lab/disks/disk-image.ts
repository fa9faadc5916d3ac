import { open } from 'node:fs/promises';
import { CHUNK_BYTES, ChunkMap } from './chunk-map.ts';

/** A raw disk image that new disks can start from. It must not change as long as a disk built on it exists. */
export interface DiskImage {
  readonly path: string;
  readonly sizeBytes: number;
  /** Everything outside reads as zero; undefined when nobody knows. */
  readonly dataRanges?: readonly { readonly start: number; readonly end: number }[] | undefined;
}

const WINDOW_BYTES = 4 * 1024 * 1024;
const ZERO_CHUNK = Buffer.alloc(CHUNK_BYTES);

/** The chunks of an image that are not all zero, each at the slot of its own number. */
export async function mapOfImage(image: DiskImage, signal: AbortSignal): Promise<ChunkMap> {
  const map = new ChunkMap();
  const file = await open(image.path, 'r');
  try {
    const window = Buffer.allocUnsafe(WINDOW_BYTES);
    for (const range of image.dataRanges ?? [{ start: 0, end: image.sizeBytes }]) {
      const first = Math.floor(range.start / CHUNK_BYTES) * CHUNK_BYTES;
      for (let at = first; at < range.end; at += WINDOW_BYTES) {
        signal.throwIfAborted();
        const length = Math.min(WINDOW_BYTES, Math.ceil((range.end - at) / CHUNK_BYTES) * CHUNK_BYTES);
        const { bytesRead } = await file.read(window, 0, length, at);
        window.fill(0, bytesRead, length);
        for (const run of dataRuns(window.subarray(0, length))) {
          const chunk = at / CHUNK_BYTES + run.chunk;
          map.set(chunk, run.count, chunk + 1);
        }
      }
    }
  } finally {
    await file.close();
  }
  return map;
}

/** Runs of chunks in `bytes` (a multiple of the chunk size) that hold anything but zeros. */
export function dataRuns(bytes: Buffer): { chunk: number; count: number }[] {
  const runs: { chunk: number; count: number }[] = [];
  const chunks = bytes.byteLength / CHUNK_BYTES;
  let start = -1;
  for (let i = 0; i <= chunks; i += 1) {
    const data = i < chunks && ZERO_CHUNK.compare(bytes, i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES) !== 0;
    if (data && start < 0) start = i;
    if (!data && start >= 0) {
      runs.push({ chunk: start, count: i - start });
      start = -1;
    }
  }
  return runs;
}
