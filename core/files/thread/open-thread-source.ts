import { randomBytes } from 'node:crypto';
import { openRepository } from '../../engine/index.ts';
import { ImageFile } from '../../volumes/index.ts';
import { repositoryDisks } from '../repository/repository-disks.ts';
import type { OpenedDisks } from '../service/local-file-service.ts';
import { distantDisks, distantStore } from './distant-source.ts';
import type { PortCaller } from './port-caller.ts';
import type { ThreadSource } from './thread-setup.ts';

/** Opens what a thread is to read. */
export async function openThreadSource(
  source: ThreadSource,
  caller: PortCaller,
  signal: AbortSignal,
): Promise<OpenedDisks> {
  switch (source.kind) {
    case 'disks':
      return { disks: distantDisks(caller, source.sizes), release: async () => undefined };
    case 'images':
      return openImages(source.paths);
    case 'repository':
      return openPoint(source, caller, signal);
  }
}

async function openImages(paths: readonly string[]): Promise<OpenedDisks> {
  const disks: ImageFile[] = [];
  const release = async () => {
    await Promise.all(disks.map((disk) => disk.close()));
  };
  try {
    for (const path of paths) disks.push(await ImageFile.open(path));
    return { disks, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function openPoint(
  source: ThreadSource & { kind: 'repository' },
  caller: PortCaller,
  signal: AbortSignal,
): Promise<OpenedDisks> {
  const { dataKey, pointId, cacheBytes } = source;
  const repository = await openRepository(distantStore(caller), {
    unlock: dataKey === undefined ? { kind: 'none' } : { kind: 'data-key', dataKey },
    deps: { clock: Date.now, random: (length) => new Uint8Array(randomBytes(length)) },
    // This is a thread already; what it unpacks needs no further one.
    threads: 0,
    signal,
  });
  const disks = await repositoryDisks(repository, pointId, signal, {
    ...(cacheBytes === undefined ? {} : { cacheBytes }),
  });
  return { disks, release: () => repository.close() };
}
