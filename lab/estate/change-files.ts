import type { Dirent } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { logText } from './file-tree.ts';
import type { RandomSource } from './random-source.ts';

const MAX_FILES = 20_000;
const MIB = 1024 * 1024;
const MAX_PIECE = 256 * 1024;
/** Work is local: it happens in a few folders, one for every so many bytes. */
const BYTES_PER_PLACE = 4 * MIB;
const FILES_PER_PLACE = 6;
/** Where data lives; programs and their settings stay as they are when there is enough else. */
const DATA_FOLDERS =
  /^(var|srv|home|opt|pgdata|app|api|audit|nginx|worker|Users|Shares|inetpub|share|usr\/share)(\/|$)/;

export interface FileChanges {
  readonly written: number;
  readonly created: number;
  readonly deleted: number;
}

/**
 * Changes files below `root` as a day of work would: in a few busy places logs grow, documents are edited in place,
 * files appear, move and disappear. Writes about `budgetBytes`; the same random source on the same files does the same.
 */
export async function changeFiles(
  root: string,
  budgetBytes: number,
  random: RandomSource,
): Promise<FileChanges> {
  const files = await candidates(root);
  const changes = { written: 0, created: 0, deleted: 0 };
  const places = Math.max(1, Math.round(budgetBytes / BYTES_PER_PLACE));
  for (let i = 0; i < places; i += 1) {
    const folder = files.length === 0 ? '' : dirname(random.pick(files));
    const busy = files.filter((file) => dirname(file) === folder).slice(0, FILES_PER_PLACE);
    await workAt({ root, busy, random, changes }, (budgetBytes * (i + 1)) / places);
  }
  return changes;
}

interface Place {
  readonly root: string;
  /** Files that are worked on; what is deleted or moved leaves. */
  readonly busy: string[];
  readonly random: RandomSource;
  readonly changes: { written: number; created: number; deleted: number };
}

async function workAt(place: Place, untilBytes: number): Promise<void> {
  const { root, busy, random, changes } = place;
  const folder = dirname(busy[0] ?? 'activity/first');
  await mkdir(join(root, folder), { recursive: true });
  if (busy.length > 2) await remove(place);
  for (let round = 0; changes.written < untilBytes; round += 1) {
    const size = Math.min(4096 + random.below(MAX_PIECE), Math.ceil(untilBytes - changes.written));
    const dice = busy.length === 0 ? 99 : random.below(100);
    if (dice < 45) await append(join(root, random.pick(busy)), logText(random, size));
    else if (dice < 65) await overwrite(join(root, random.pick(busy)), random.bytes(size), random);
    else {
      const name = join(folder, `work-${round}-${random.below(1e9)}.txt`);
      await writeFile(join(root, name), logText(random, size));
      changes.created += 1;
    }
    changes.written += size;
  }
  if (busy.length > 2) await move(place);
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

async function remove({ root, busy, random, changes }: Place): Promise<void> {
  const [file] = busy.splice(random.below(busy.length), 1);
  if (file === undefined) return;
  await rm(join(root, file));
  changes.deleted += 1;
}

async function move({ root, busy, random }: Place): Promise<void> {
  const [file] = busy.splice(random.below(busy.length), 1);
  if (file !== undefined) await rename(join(root, file), join(root, `${file}.moved`));
}
