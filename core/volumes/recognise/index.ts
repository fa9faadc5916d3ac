export { type ContentKind, contentName, hasBootSector, recognise } from './recognise.ts';
