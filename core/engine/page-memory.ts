/**
 * Memory that threads share and that begins at a page, as drives want it for transfers without a copy. V8 cuts growable
 * memory from whole pages; where it should not, nothing breaks: `DirectFile` then goes through the page cache.
 */
export function pageMemory(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length, { maxByteLength: length }), 0, length);
}

/** Whether the bytes are part of such memory; they may begin anywhere in it. */
export function isPageMemory(bytes: Uint8Array): boolean {
  return bytes.buffer instanceof SharedArrayBuffer && bytes.buffer.growable;
}
