/** From a wish to a session that is done: accounts, repositories, sessions, workers, sweeping. */
export { type AccountService, createAccountService } from './accounts/index.ts';
export { type BackupService, createBackupService } from './backups.ts';
export type { OrchestratorContext } from './context.ts';
export { workloadEnvironment } from './environment.ts';
export { createEventHub, type EventHub, type Listener } from './events.ts';
export {
  createFileRestoreService,
  type FileRestoreService,
  fileRestoreNeeds,
  fileRestoreProgram,
} from './file-restore/index.ts';
export {
  createDownloadService,
  createFileRecoveryService,
  createLiveRecoveries,
  type DownloadService,
  directRoad,
  type FileRecoveryService,
  type FileServiceOptions,
  recoveryProgram,
  workerRoad,
} from './files/index.ts';
export {
  addRepositoryProgram,
  createRepositoryService,
  type RepositoryService,
} from './repositories/index.ts';
export { workerLedger } from './resources.ts';
export { createRestoreService, type RestoreService } from './restores/index.ts';
export {
  type AnyProgram,
  createSessionRunner,
  defineProgram,
  type SessionRunner,
  type StartRequest,
} from './sessions/index.ts';
export { createSweeper, type Sweeper } from './sweeper.ts';
export { syncProgram } from './sync-program.ts';
export { createWorkerFleet, defaultWorkerSizes, type WorkerFleetOptions } from './workers/index.ts';
