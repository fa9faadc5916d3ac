import type { Dirent } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { logText } from './file-tree.ts';
import type { RandomSource } from './random-source.ts';

const MAX_FILES = 20_000;
const MAX_PIECE = 128 * 1024;
/** Where data lives; programs and their settings stay as they are when there is enough else. */
const DATA_FOLDERS =
  /^(var|srv|home|opt|pgdata|app|api|audit|nginx|worker|Users|Shares|inetpub|share|usr\/share)(\/|$)/;

export interface FileChanges {
  readonly written: number;
  readonly created: number;
  readonly deleted: number;
}

/**
 * Changes files below `root` as a day of work would: logs grow, documents are edited in place, files appear, move and
 * disappear. Writes about `budgetBytes`; the same random source on the same files does the same.
 */
export async function changeFiles(
  root: string,
  budgetBytes: number,
  random: RandomSource,
): Promise<FileChanges> {
  const files = await candidates(root);
  const changes = { written: 0, created: 0, deleted: 0 };
  const fresh = join(files.length === 0 ? '.' : dirname(random.pick(files)), 'activity');
  let round = 0;
  while (changes.written < budgetBytes) {
    round += 1;
    const size = Math.min(1 + random.below(MAX_PIECE), Math.ceil(budgetBytes - changes.written));
    const dice = files.length === 0 ? 90 : random.below(100);
    const file = files.length === 0 ? '' : random.pick(files);
    if (dice < 40) await append(join(root, file), logText(random, size));
    else if (dice < 75) await overwrite(join(root, file), random.bytes(size), random);
    else if (dice < 82) await remove(root, files, { file, changes });
    else if (dice < 85) await move(root, files, file);
    else {
      const name = join(fresh, `${round}-${random.below(1e9)}.dat`);
      await mkdir(join(root, fresh), { recursive: true });
      await writeFile(join(root, name), random.bytes(size));
      changes.created += 1;
    }
    if (dice < 75 || dice >= 85) changes.written += size;
  }
  return changes;
}

async function candidates(root: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(root, { withFileTypes: true, recursive: true });
  const all = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
    .slice(0, MAX_FILES);
  const data = all.filter((path) => DATA_FOLDERS.test(path));
  return data.length >= 20 ? data : all;
}

async function append(path: string, bytes: Buffer): Promise<void> {
  await writeFile(path, bytes, { flag: 'a' });
}

async function overwrite(path: string, bytes: Buffer, random: RandomSource): Promise<void> {
  const { size } = await stat(path);
  const at = random.below(Math.max(1, size - bytes.byteLength));
  const handle = await open(path, 'r+');
  try {
    await handle.write(bytes, 0, bytes.byteLength, at);
  } finally {
    await handle.close();
  }
}

/** A few files go; never so many that nothing is left to work with. */
async function remove(
  root: string,
  files: string[],
  { file, changes }: { file: string; changes: { deleted: number } },
): Promise<void> {
  if (files.length < 10) return;
  files.splice(files.indexOf(file), 1);
  await rm(join(root, file));
  changes.deleted += 1;
}

async function move(root: string, files: string[], file: string): Promise<void> {
  const target = `${file}.moved`;
  await rename(join(root, file), join(root, target));
  files[files.indexOf(file)] = target;
}
