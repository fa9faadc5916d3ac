/** Files of a restore point back into the running machine they came from. */
export { fileRestoreNeeds } from './file-restore-needs.ts';
export { fileRestoreProgram } from './file-restore-program.ts';
export { createFileRestoreService, type FileRestoreService } from './file-restore-service.ts';
