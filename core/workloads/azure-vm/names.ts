import { createHash } from 'node:crypto';
import { parseResourceId, resourceIdOf } from '../../azure/index.ts';

/**
 * Names of what a session makes, worked out from an id of ours, so that a retry or the next core finds it again.
 * Azure allows 80 characters for disks, snapshots, network interfaces and addresses.
 */

/** The snapshot of one disk, in the disk's own resource group (a snapshot stays in the disk's subscription). */
export function snapshotIdFor(sessionId: string, diskId: string): string {
  const mark = createHash('sha256').update(diskId.toLowerCase()).digest('hex').slice(0, 8);
  return resourceIdOf('snapshot', parseResourceId(diskId), `cairn-${sessionId}-${mark}`);
}

/** A name of at most 80 characters that ends in the plan's mark: free unless the same plan ran before. */
export function markedName(name: string, planId: string, suffix = ''): string {
  const end = `-${planId.slice(0, 8)}${suffix}`;
  return `${name.slice(0, 80 - end.length)}${end}`;
}
