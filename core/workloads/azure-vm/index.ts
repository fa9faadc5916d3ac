/** Azure virtual machines: how they are backed up and brought back. */
export { backupProgram } from './backup/index.ts';
export { type PointDocument, readPointDocument } from './document.ts';
export { machineRefusal } from './refusal.ts';
export { planRestore, restoreProgram } from './restore/index.ts';
