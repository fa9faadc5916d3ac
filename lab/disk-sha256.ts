import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ControlPlane } from './control/index.ts';
import type { LabDiskPlane } from './disks/index.ts';

/** Multiple of the pieces in which disks hold data. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** SHA-256 (hex) of a managed disk or snapshot, by resource id; without VHD footer. What was never written is not read. */
export async function diskSha256(
  { store, disks }: { readonly store: ControlPlane['store']; readonly disks: LabDiskPlane },
  resourceId: string,
  signal?: AbortSignal,
): Promise<string> {
  const uniqueId = String(store.get(resourceId)?.properties.uniqueId ?? '');
  const content = disks.get(uniqueId);
  if (content === undefined) throw new Error(`There is no disk or snapshot ${resourceId} in the lab.`);
  const hash = createHash('sha256');
  const [window, zeros] = [Buffer.alloc(WINDOW_BYTES), Buffer.alloc(WINDOW_BYTES)];
  const held = windowsWithData(disks.allocatedRanges(uniqueId));
  for (let at = 0; at < content.sizeBytes; at += WINDOW_BYTES) {
    signal?.throwIfAborted();
    const holds = held.has(at / WINDOW_BYTES);
    const part = (holds ? window : zeros).subarray(0, Math.min(WINDOW_BYTES, content.sizeBytes - at));
    if (holds) await disks.readBytes(uniqueId, at, part);
    hash.update(part);
    // The lab answers its callers in between.
    await nextTurn();
  }
  return hash.digest('hex');
}

/** Numbers of the windows in which anything was written. */
function windowsWithData(ranges: Iterable<{ readonly start: number; readonly end: number }>): Set<number> {
  const numbers = new Set<number>();
  for (const { start, end } of ranges)
    for (let at = start - (start % WINDOW_BYTES); at < end; at += WINDOW_BYTES)
      numbers.add(at / WINDOW_BYTES);
  return numbers;
}
