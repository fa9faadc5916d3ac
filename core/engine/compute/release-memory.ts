/**
 * Gives the memory of a large buffer back at once. The garbage collector would do so only after tens of MiB have
 * piled up, and would search the whole heap each time: that was a tenth of a backup's processor time, half of a
 * read's, and most of the peak memory.
 *
 * Only for bytes that fill memory of their own, all of which nobody looks at any more: it is gone afterwards,
 * also where `bytes` is only a part of it. What is shared with other threads is left alone, and so is what is small
 * enough to lie in the pool that Node cuts small buffers from.
 */
export function releaseMemory(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
