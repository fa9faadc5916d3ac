/** Restore plans and their start. */
export { createRestoreService, type RestoreService } from './restore-service.ts';
