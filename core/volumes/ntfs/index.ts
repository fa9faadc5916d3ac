export { openNtfs } from './open-ntfs.ts';
export { attributeNames } from './standard-information.ts';
