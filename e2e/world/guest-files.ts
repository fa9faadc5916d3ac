import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { RunningConsole } from './running-console.ts';

const run = promisify(execFile);

/** Files of a guest by their paths, so that a story can compare what came back with what was there. */
export type GuestFiles = Readonly<Record<string, Uint8Array | string>>;

/** Adds a machine whose one disk is an ext4 file system that holds exactly these files, and backs it up. */
export async function backedUpMachine(world: RunningConsole, name: string, files: GuestFiles): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-guest-'));
  try {
    const tree = path.join(folder, 'tree');
    for (const [place, content] of Object.entries(files)) {
      const file = path.join(tree, place);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    const image = path.join(folder, 'disk.img');
    await writeFile(image, '');
    await truncate(image, 64 * 1024 * 1024);
    await run('mke2fs', ['-q', '-t', 'ext4', '-L', 'guest', '-d', tree, image]);
    await world.lab.addVmFromImage(image, name);
  } finally {
    await rm(folder, { recursive: true });
  }
  await world.cairn('sync');
  await world.cairn('backup', name);
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The hashes of a zip archive's files, by their paths in it. */
export async function zipHashes(file: string): Promise<Readonly<Record<string, string>>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cairn-unzipped-'));
  try {
    await run('unzip', ['-q', file, '-d', folder]);
    const { stdout } = await run('find', ['.', '-type', 'f', '-printf', '%P\\n'], { cwd: folder });
    const hashes: Record<string, string> = {};
    for (const name of stdout.split('\n').filter((line) => line !== ''))
      hashes[name] = sha256(await readFile(path.join(folder, name)));
    return hashes;
  } finally {
    await rm(folder, { recursive: true });
  }
}
