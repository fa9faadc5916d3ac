/** Putting files of a restore point back into the machine they came from. */
export { FileRestoreDialog } from './file-restore-dialog.tsx';
