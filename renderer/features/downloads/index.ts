/** Downloads: starting one, and following it to its end. */
export { DownloadDialog, type DownloadSubject } from './download-dialog.tsx';
export { DownloadLine } from './download-line.tsx';
export { DownloadTray } from './download-tray.tsx';
