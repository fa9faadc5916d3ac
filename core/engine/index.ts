/**
 * The data engine: disks in, restore points out, over any store of write-once objects.
 * The format is specified in `docs/format.md`, its safety under concurrency in `docs/concurrency.md`.
 */
export { backupDisks } from './backup/backup-disks.ts';
export type * from './blob-store.ts';
export { type CheckOptions, type CheckProgress, checkRepository } from './check/check-repository.ts';
export {
  checkWithoutKey,
  type OutsideCheckOptions,
  type OutsideCheckReport,
} from './check/check-without-key.ts';
export type { AffectedPoint, CheckLevel, CheckReport, Finding } from './check/report.ts';
export { type CollectOptions, type CollectReport, collectGarbage } from './collect/collect-garbage.ts';
export { decodeKeyFile, encodeKeyFile, longestKeyFile } from './format/key-file.ts';
export type * from './model.ts';
export { deletePoint } from './points/delete-point.ts';
export { listPoints, readPoint } from './points/list-points.ts';
export { type OpenDiskOptions, openDisk } from './read/open-disk.ts';
export { restoreDisk } from './read/restore-disk.ts';
export { type CreateRepositoryOptions, createRepository } from './repository/create-repository.ts';
export { inspectRepository } from './repository/inspect-repository.ts';
export {
  type AddKeySlotOptions,
  addKeySlot,
  changePassword,
  inspectKeySlots,
  type KeySlotInfo,
  listKeySlots,
  newKeyFile,
  removeKeySlot,
} from './repository/key-slots.ts';
export { type OpenRepositoryOptions, openRepository } from './repository/open-repository.ts';
export {
  type ClaimOptions,
  claimOwnership,
  readOwner,
  releaseOwnership,
  requireOwnership,
} from './repository/owner.ts';
export { type CountingStore, countingStore, type OperationCounts } from './stores/counting-store.ts';
export { DirectFile } from './stores/direct-file.ts';
export { flushFolder } from './stores/flush-folder.ts';
export { folderStore } from './stores/folder-store.ts';
export { memoryStore } from './stores/memory-store.ts';
export { type RetryOptions, retryingStore } from './stores/retrying-store.ts';
export { type ThrottleOptions, throttledStore } from './stores/throttled-store.ts';
