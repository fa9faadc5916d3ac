/** Files of a restore point: their names, paths, times and kinds as they are shown everywhere. */
export { FileIcon } from './file-icon.tsx';
export { type FileItem, itemOfEntry, itemOfHit, placeOf } from './file-item.ts';
export { FileName } from './file-name.tsx';
export { nameOf, parentOf, wayTo } from './file-path.ts';
export { formatExactFileTime } from './file-time.ts';
export { FileTimeText } from './file-time-text.tsx';
export { kindWords, modeOrAttributes, modeText, ownerText, volumeStates } from './file-words.ts';
export { guestPath, placeOfTyped } from './guest-path.ts';
export { placeKey } from './place-key.ts';
export { visibleName } from './visible-name.ts';
