import path from 'node:path';
import { buildPart, parts } from './build-parts.ts';
import { buildWorkerPart } from './build-worker-part.ts';

/** `npm run build`: everything that an installation ships, into dist/. */
const root = path.dirname(import.meta.dirname);
for (const part of Object.values(parts)) await buildPart(root, part);
await buildWorkerPart(root);
