import { randomBytes } from 'node:crypto';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BlobStore, backupDisks, createRepository, folderStore } from '../../core/engine/index.ts';

/** What opens the measured restore point. */
export interface PointAccess {
  readonly pointId: string;
  /** Base64. */
  readonly dataKey: string;
}

/** An encrypted repository in a folder with one point of the image, made once. */
export async function filesRepository(cache: string, image: string): Promise<string> {
  const folder = path.join(cache, 'repository');
  const access = path.join(cache, 'access.json');
  if ((await stat(access).catch(() => undefined)) !== undefined) return folder;
  await rm(folder, { recursive: true, force: true });
  const made = await backUp(folderStore(folder), image);
  await writeFile(access, JSON.stringify(made));
  return folder;
}

export async function readAccess(cache: string): Promise<PointAccess> {
  return JSON.parse(await readFile(path.join(cache, 'access.json'), 'utf8')) as PointAccess;
}

/** Backs the image up into a new repository. */
export async function backUp(store: BlobStore, image: string): Promise<PointAccess> {
  const repository = await createRepository(store, {
    unlock: { kind: 'password', password: 'bench' },
    deps: { clock: Date.now, random: (length) => new Uint8Array(randomBytes(length)) },
    passwordCost: 14,
  });
  const file = await open(image);
  const { size } = await file.stat();
  const read = async (offset: number, length: number) => {
    const bytes = Buffer.allocUnsafeSlow(length);
    await file.read(bytes, 0, length, offset);
    return bytes;
  };
  const resource = { workload: 'disk-image', id: 'bench', name: 'bench' };
  const { pointId } = await backupDisks(repository, {
    resource,
    disks: [{ id: '0', name: '0', size, source: { read } }],
  });
  const dataKey = Buffer.from(repository.exportDataKey()).toString('base64');
  await file.close();
  await repository.close();
  return { pointId, dataKey };
}
