import path from 'node:path';
import { ensureImages, estateSeed } from '../lab/estate/index.ts';

/** Vitest calls it once, before the first lab file: labs that start side by side would build the same disks each. */
export async function setup(): Promise<void> {
  const names = Object.values(estateSeed('full').diskImages);
  await ensureImages({ cacheFolder: path.resolve('.cache/lab'), names }, new AbortController().signal);
}
