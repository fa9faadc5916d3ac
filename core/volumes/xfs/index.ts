export { openXfs } from './open-xfs.ts';
