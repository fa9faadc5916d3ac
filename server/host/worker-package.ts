import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/contract/index.ts';
import type { WorkerPackage } from '../../core/host.ts';
import { readIfPresent } from './private-file.ts';

const packageSchema = z.object({
  version: z.string(),
  architecture: z.enum(['x64', 'arm64']),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Relative to the description. */
  file: z.string(),
});

/** The name of the description that stands beside a built worker package. */
export const workerPackageFileName = 'worker-package.json';

/** Finds the worker package that the build left in `folder`. Throws `not-found` when there is none. */
export async function findWorkerPackage(folder: string): Promise<WorkerPackage> {
  const description = path.join(folder, workerPackageFileName);
  const text = await readIfPresent(description);
  if (text === null)
    throw new AppError('not-found', {
      message: 'The worker package of this installation is missing.',
      hint: 'Install Cairn again; from a clone, run `npm run build`.',
      details: { file: description },
    });
  const found = packageSchema.parse(JSON.parse(text));
  return { ...found, file: path.resolve(folder, found.file) };
}
