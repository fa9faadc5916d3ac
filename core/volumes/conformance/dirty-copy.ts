import { open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noise } from './fill-tree.ts';
import { runTool, withDirectory, withMount } from './run-tool.ts';

export interface DirtyOptions {
  readonly format: readonly [command: string, ...args: string[]];
  readonly sizeMiB: number;
  /** Files before the sync and after it. */
  readonly files: number;
  /** Mounts what a reader without replay would see. */
  readonly withoutReplay: readonly [command: string, ...args: string[]];
}

export interface DirtyCopy {
  readonly image: string;
  /** Entries that the kernel shows in the directory `after` without replaying. */
  readonly seenWithoutReplay: number;
}

/**
 * Writes `before/` with a sync behind it, then `after/` with an fsync every 50th file, also removing and
 * renaming, and copies the disk while it is mounted: the crash-consistent state that a snapshot has.
 */
export async function withDirtyCopy<Result>(
  options: DirtyOptions,
  work: (copy: DirtyCopy) => Promise<Result>,
): Promise<Result> {
  return withDirectory(async (directory) => {
    const live = join(directory, 'live');
    const image = join(directory, 'copy');
    await writeFile(live, '');
    await truncate(live, options.sizeMiB * 1024 * 1024);
    const [command, ...args] = options.format;
    await runTool(command, ...args, live);
    const point = join(directory, 'mount');
    await withMount(['mount', '-o', 'loop', live], point, async () => {
      await writeDirectory(join(point, 'before'), options.files, 0);
      await runTool('sync', '-f', point);
      await writeDirectory(join(point, 'after'), options.files, 50);
      await runTool('cp', '--sparse=always', live, image);
    });
    const seenWithoutReplay = await countWithoutReplay(options.withoutReplay, image, point);
    return work({ image, seenWithoutReplay });
  });
}

export function dirtyContent(index: number): Buffer {
  return noise(`dirty${index}`, 100 + (index % 7) * 3000);
}

async function writeDirectory(directory: string, files: number, syncEvery: number): Promise<void> {
  await runTool('mkdir', directory);
  for (let index = 0; index < files; index++) {
    const file = await open(join(directory, `file-${index}`), 'w');
    await file.write(dirtyContent(index));
    if (syncEvery > 0 && (index + 1) % syncEvery === 0) await file.sync();
    await file.close();
  }
  if (syncEvery === 0) return;
  await runTool('mv', join(directory, 'file-7'), join(directory, 'renamed'));
  await runTool('rm', join(directory, 'file-8'));
  const last = await open(directory);
  await last.sync();
  await last.close();
}

async function countWithoutReplay(
  mount: readonly [string, ...string[]],
  image: string,
  point: string,
): Promise<number> {
  const [command, ...args] = mount;
  return withMount([command, ...args, image], point, async () => {
    const listed = await runTool('find', point, '-path', '*/after/*', '-name', '*e*').catch(() => '');
    return listed.split('\n').filter((line) => line !== '').length;
  });
}
