/** Whether a disk can be compared with what the last backup kept, and why not. */

export interface DiskNow {
  readonly resourceId: string;
  readonly uniqueId: string;
  readonly sizeBytes: number;
}

export interface SnapshotThen {
  readonly diskId: string;
  readonly diskUniqueId: string;
  readonly sizeBytes: number;
  readonly snapshotId: string;
}

export type FullReason =
  | 'first-backup'
  | 'point-missing'
  | 'disk-added'
  | 'disk-re-created'
  | 'disk-resized'
  | 'snapshot-deleted'
  | 'snapshot-replaced';

export type BaseChoice =
  | { readonly mode: 'changed'; readonly snapshotId: string }
  | { readonly mode: 'full'; readonly reason: FullReason };

/** `kept` is what the last good point kept of this disk; undefined when that point did not have it. */
export function chooseBase(disk: DiskNow, kept: SnapshotThen | undefined, hasPoint: boolean): BaseChoice {
  if (!hasPoint) return { mode: 'full', reason: 'first-backup' };
  if (!kept) return { mode: 'full', reason: 'disk-added' };
  if (kept.diskUniqueId !== disk.uniqueId) return { mode: 'full', reason: 'disk-re-created' };
  if (kept.sizeBytes !== disk.sizeBytes) return { mode: 'full', reason: 'disk-resized' };
  return { mode: 'changed', snapshotId: kept.snapshotId };
}

const sentences: Readonly<Record<FullReason, string>> = {
  'first-backup': 'it is the first backup into this repository',
  'point-missing': 'the last restore point is not in the repository any more',
  'disk-added': 'the last backup did not have this disk',
  'disk-re-created': 'the disk was re-created since the last backup',
  'disk-resized': 'the disk was resized since the last backup',
  'snapshot-deleted': 'the snapshot kept by the last backup was deleted',
  'snapshot-replaced': 'the snapshot kept by the last backup is not of this disk any more',
};

/** The reason as the end of a sentence. */
export function fullReasonText(reason: FullReason): string {
  return sentences[reason];
}
