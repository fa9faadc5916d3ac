/** File recovery: restore points opened for their files, downloads, and the record of what was taken. */
export { directRoad } from './direct-road.ts';
export { createDownloadService, type DownloadService } from './downloads/download-service.ts';
export { createFileRecoveryService, type FileRecoveryService } from './file-recovery-service.ts';
export type { FileRoadOpeners } from './live-recoveries.ts';
export { createLiveRecoveries } from './live-recoveries.ts';
export { openPointDirectly } from './opened-points.ts';
export { recoveryProgram } from './recovery-program.ts';
export { recordTaken, type TakenOccasion, type TakenPart } from './taken-record.ts';
export { type FileServiceOptions, workerRoad } from './worker-road.ts';
