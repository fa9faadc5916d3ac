import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProcess } from '../engine/run-process.ts';

/** What the measured disk holds. */
export const content = {
  /** One folder of so many files. */
  largeFolder: { path: '/large-folder', files: 20_000 },
  /** Files of 1 to 32 KiB, ten to a folder. */
  smallFiles: { path: '/small-files', files: 1_000 },
  /** Everything else, so that there are 70,000 in all. */
  others: { path: '/others', files: 49_000 },
  /** Does not compress. */
  largeFile: { path: '/large-file', bytes: 2 ** 30 },
} as const;

const imageBytes = 4 * 2 ** 30;

/** A disk with ext4 and 70,001 files, made once (about a minute, needs e2fsprogs); always the same. */
export async function filesImage(cache: string): Promise<string> {
  const image = path.join(cache, 'disk.raw');
  if (await exists(image)) return image;
  const tree = path.join(cache, 'tree');
  await rm(tree, { recursive: true, force: true });
  await mkdir(tree, { recursive: true });
  await fillTree(tree);
  const unfinished = path.join(cache, 'unfinished.raw');
  const file = await open(unfinished, 'w');
  await file.truncate(imageBytes);
  await file.close();
  await runProcess(['/usr/sbin/mkfs.ext4', '-q', '-F', '-N', '100000', '-d', tree, unfinished]);
  await rm(tree, { recursive: true });
  await rename(unfinished, image);
  return image;
}

async function fillTree(tree: string): Promise<void> {
  const { largeFolder, smallFiles, others, largeFile } = content;
  await mkdir(path.join(tree, largeFolder.path));
  for (let number = 0; number < largeFolder.files; number++)
    await writeFile(path.join(tree, largeFolder.path, `entry ${number}`), bytesOf(number, number % 100));
  for (let number = 0; number < smallFiles.files; number++)
    await writeIn(tree, smallFiles.path, { folder: number % 100, number, bytes: 1024 + (number % 32) * 992 });
  for (let number = 0; number < others.files; number++)
    await writeIn(tree, others.path, { folder: number % 2000, number, bytes: number % 3000 });
  const file = await open(path.join(tree, largeFile.path), 'w');
  const step = 2 ** 24;
  for (let at = 0; at < largeFile.bytes; at += step) await file.write(bytesOf(at, step));
  await file.close();
}

async function writeIn(
  tree: string,
  below: string,
  { folder, number, bytes }: { folder: number; number: number; bytes: number },
): Promise<void> {
  const parent = path.join(tree, below, `folder ${folder}`);
  await mkdir(parent, { recursive: true });
  await writeFile(path.join(parent, `file ${number}.txt`), bytesOf(number, bytes));
}

function bytesOf(seed: number, length: number): Uint8Array {
  if (length === 0) return new Uint8Array(0);
  return createHash('shake256', { outputLength: length }).update(`${seed}`).digest();
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
