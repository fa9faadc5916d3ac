import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { MemoryDisk } from '../../volumes/index.ts';
import { describeFileService } from '../testing/file-service-conformance.ts';
import { openFilesThread } from './open-files-thread.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cairn-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

describeFileService('on a thread, over images', async (images) => {
  const paths = images.map((_, index) => path.join(folder, `${images.length}-${index}.img`));
  for (const [index, image] of images.entries()) await writeFile(paths[index] ?? '', image);
  return openFilesThread({ source: { kind: 'images', paths } });
});

describeFileService('on a thread, over disks of its caller', async (images) =>
  openFilesThread({ source: { kind: 'disks', disks: images.map((image) => new MemoryDisk(image)) } }),
);
