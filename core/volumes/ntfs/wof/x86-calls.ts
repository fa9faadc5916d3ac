const CALL = 0xe8;
/** The size of file that the translation assumes of every one. */
const ASSUMED = 12_000_000;
const UNTOUCHED = 10;

/** Before compression the targets of x86 calls are made absolute, so that calls of one function look alike. */
export function undoCallTranslation(chunk: Uint8Array): void {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  for (let at = 0; at < chunk.length - UNTOUCHED; at++) {
    if (chunk[at] !== CALL) continue;
    const target = view.getInt32(at + 1, true);
    if (target >= 0 && target < ASSUMED) view.setInt32(at + 1, target - at, true);
    else if (target < 0 && target >= -at) view.setInt32(at + 1, target + ASSUMED, true);
    at += 4;
  }
}
