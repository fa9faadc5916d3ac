/** The restore wizard: from a restore point to a plan computed by core, and its start. */
export { RestorePage } from './restore-page.tsx';
