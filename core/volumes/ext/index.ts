export { kindOfEntry, kindOfMode } from './inode.ts';
export { openExt } from './open-ext.ts';
