export { type BuildIndexOptions, type BuiltIndex, buildIndex, type IndexProgress } from './build-index.ts';
export { FileIndex, type SearchHit, type SearchQuery, type SearchResult } from './file-index.ts';
export { type GlobTest, globTest, pathGlobTest } from './glob.ts';
export { indexFromBytes, indexToBytes } from './index-bytes.ts';
