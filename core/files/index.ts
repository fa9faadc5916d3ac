/** From an open restore point to its files: one service on every road, archives, safe names. */
export type { FileService } from './file-service.ts';
