/** File recovery: opening a restore point for its files, the open sessions, the record of what was taken. */
export { FileRecoveryPage } from './file-recovery-page.tsx';
export { FilesPage } from './files-page.tsx';
export { OpenPointPage } from './open-point-page.tsx';
export { OpenRecoveriesCard } from './open-recoveries-card.tsx';
