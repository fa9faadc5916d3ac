import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageFile } from '../disk/index.ts';
import { openVolumes } from '../open-volumes.ts';
import type { Volume } from '../volume.ts';
import { fillTree, type TreeOptions } from './fill-tree.ts';
import { differences, type Judged, judgedTree, ourTree } from './judged-tree.ts';
import { runTool, withDirectory, withLoop, withMount } from './run-tool.ts';

/** How to make one file system and who judges our reader of it. */
export interface Candidate {
  readonly name: string;
  readonly kind: string;
  readonly sizeMiB: number;
  /** Commands that format the image; `IMAGE` stands for its path. */
  readonly format: readonly string[];
  /** Mount commands for writing and for judging; `IMAGE` as above or `LOOP` for a block device; the mount point is appended. */
  readonly mount: readonly [string, ...string[]];
  readonly mountReadOnly: readonly [string, ...string[]];
  readonly tree: TreeOptions;
  /** Facts that the judge does not know or shows differently. */
  readonly judged: Judged;
  /** Anything more to put on it, with the file system mounted. */
  readonly extra?: (root: string) => Promise<void>;
  /** A look at the image once it is compared. */
  readonly inspect?: (image: string) => Promise<void>;
}

/** Formats, fills, and compares our view with the judge's; gives the differences and the entry count. */
export async function judge(candidate: Candidate): Promise<{ differences: string[]; entries: number }> {
  return withDirectory(async (directory) => {
    const image = join(directory, 'image');
    await writeFile(image, '');
    await truncate(image, candidate.sizeMiB * 1024 * 1024);
    const [command = 'true', ...args] = candidate.format;
    await runTool(command, ...args.map((argument) => argument.replace('IMAGE', image)));
    const point = join(directory, 'mount');
    await mounted(candidate.mount, { image, point }, async () => {
      await fillTree(point, candidate.tree);
      await candidate.extra?.(point);
    });
    const expected = await mounted(candidate.mountReadOnly, { image, point }, () =>
      judgedTree(point, candidate.judged),
    );
    const actual = await withImage([image], async (volume, signal) => {
      if (volume.facts.kind !== candidate.kind) throw new Error(`taken for ${volume.facts.kind}`);
      return ourTree(volume, candidate.judged, signal);
    });
    await candidate.inspect?.(image);
    return { differences: differences(expected, actual), entries: expected.size };
  });
}

async function mounted<Result>(
  mount: Candidate['mount'],
  { image, point }: { image: string; point: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const [command, ...args] = mount;
  if (args.includes('LOOP'))
    return withLoop(image, (device) =>
      withMount([command, ...args.map((argument) => argument.replace('LOOP', device))], point, work),
    );
  return withMount([command, ...args.map((argument) => argument.replace('IMAGE', image))], point, work);
}

/** Opens raw images and gives the only (or the chosen) volume to `work`. */
export async function withImage<Result>(
  images: readonly string[],
  work: (volume: Volume, signal: AbortSignal) => Promise<Result>,
  choose: (volume: Volume) => boolean = () => true,
): Promise<Result> {
  const { signal } = new AbortController();
  const files = await Promise.all(images.map((image) => ImageFile.open(image)));
  try {
    const volumes = (await openVolumes(files, { signal })).filter(choose);
    const [volume] = volumes;
    if (volume === undefined) throw new Error('no such volume');
    return await work(volume, signal);
  } finally {
    for (const file of files) await file.close();
  }
}
