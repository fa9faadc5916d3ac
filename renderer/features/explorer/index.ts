/** The explorer of an open restore point: volumes, folders, files, search, and what can be done with them. */
export { Explorer } from './explorer.tsx';
