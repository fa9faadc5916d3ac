/** The panel beside a list of files: what is in the marked one, all that is known of it, and its versions. */
export { FilePanel } from './file-panel.tsx';
