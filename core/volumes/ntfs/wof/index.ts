export { WofContent } from './wof-content.ts';
export { parseWofReparse, WOF_STREAM, type WofCompression } from './wof-reparse.ts';
