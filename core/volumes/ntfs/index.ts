export { openNtfs } from './open-ntfs.ts';
