import { copyFile, link, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkerPackage } from '../core/host.ts';
import { workerPackageFileName } from '../server/index.ts';
import { buildWorkerPackage } from './build-worker.ts';

/** The worker package in dist/worker, described as installations find it. Returns it. */
export async function buildWorkerPart(root: string): Promise<WorkerPackage> {
  const built = await buildWorkerPackage();
  const folder = path.join(root, 'dist', 'worker');
  const name = path.basename(built.file);
  await mkdir(folder, { recursive: true });
  const present = await readdir(folder);
  for (const old of present) if (old !== name) await rm(path.join(folder, old), { recursive: true });
  const file = path.join(folder, name);
  // A second name for the cached archive; a copy where the file system has no links.
  if (!present.includes(name)) await link(built.file, file).catch(() => copyFile(built.file, file));
  const described = { ...built, file: name };
  await writeFile(path.join(folder, workerPackageFileName), `${JSON.stringify(described, null, 2)}\n`);
  return { ...built, file };
}
