import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VolumePlace } from './image-builder.ts';
import { type EstateImage, ensureImages } from './image-cache.ts';
import { imageRecipes } from './image-recipes.ts';
import { probeVolumes } from './volume-probe.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;
const MIB = 1024 * 1024;

let folder: string;
let images: ReadonlyMap<string, EstateImage>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-images-'));
  const names = imageRecipes.map(({ name }) => name);
  images = await ensureImages({ cacheFolder: resolve('.cache/lab'), names }, signal);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function image(name: string): EstateImage {
  const found = images.get(name);
  if (found === undefined) throw new Error(`no image ${name}`);
  return found;
}

/** The file system as a file of its own, joined from its pieces. */
async function extracted(from: EstateImage, volume: VolumePlace): Promise<string> {
  const file = join(folder, 'volume');
  const source = await open(from.path, 'r');
  const target = await open(file, 'w');
  const zero = Buffer.alloc(4 * MIB);
  const whole = Buffer.alloc(zero.byteLength);
  let at = 0;
  for (const piece of volume.pieces) {
    for (let done = 0; done < piece.length; done += whole.byteLength) {
      const window = whole.subarray(0, Math.min(whole.byteLength, piece.length - done));
      await source.read(window, 0, window.byteLength, piece.offset + done);
      if (window.compare(zero, 0, window.byteLength) !== 0)
        await target.write(window, 0, window.byteLength, at);
      at += window.byteLength;
    }
  }
  await target.truncate(at);
  await source.close();
  await target.close();
  return file;
}

const judges: Readonly<Record<VolumePlace['kind'], (file: string) => Promise<unknown>>> = {
  ext4: (file) => run('e2fsck', ['-fn', file]),
  xfs: (file) => run('xfs_repair', ['-n', '-f', file]),
  ntfs: (file) => run('ntfsresize', ['--check', '--force', file]),
  vfat: (file) => run('fsck.vfat', ['-n', file]),
};

describe.each(imageRecipes.map(({ name }) => name))('the image %s', (name) => {
  test('has only sound file systems, as their own tools judge', async () => {
    const built = image(name);
    expect(built.volumes.length).toBeGreaterThan(0);
    for (const volume of built.volumes) await judges[volume.kind](await extracted(built, volume));
  });

  test('reads as zero outside its data ranges', async () => {
    const built = image(name);
    const file = await open(built.path, 'r');
    const zero = Buffer.alloc(4 * MIB);
    const whole = Buffer.alloc(zero.byteLength);
    let at = 0;
    for (const range of [...built.dataRanges, { start: built.sizeBytes, end: built.sizeBytes }]) {
      for (; at < range.start; at += zero.byteLength) {
        const window = whole.subarray(0, Math.min(whole.byteLength, range.start - at));
        await file.read(window, 0, window.byteLength, at);
        expect(window.compare(zero, 0, window.byteLength)).toBe(0);
      }
      at = range.end;
    }
    await file.close();
  });
});

test('volumes are found again on the disk itself, on partitions and in logical volumes', async () => {
  const found = async (name: string): Promise<string[]> => {
    const { path, sizeBytes } = image(name);
    return (await probeVolumes(path, sizeBytes, signal)).map(({ kind }) => kind);
  };
  expect(await found('linux-root')).toEqual(['ext4']);
  expect(await found('data-ext4')).toEqual(['ext4']);
  expect(await found('data-lvm')).toEqual(['ext4', 'xfs']);
  expect(await found('windows-data')).toEqual(['ntfs']);
});

test('two builds of one recipe hold the same files', async () => {
  const listing = async (cacheFolder: string): Promise<string> => {
    const built = (await ensureImages({ cacheFolder, names: ['data-ext4'] }, signal)).get('data-ext4');
    const files: string[] = [];
    for (const path of ['app/nginx/nginx.log', 'app/audit/audit.log.2.gz']) {
      const { stdout } = await run('debugfs', ['-R', `cat ${path}`, built?.path ?? ''], {
        encoding: 'buffer',
        maxBuffer: 64 * MIB,
      });
      files.push(`${stdout.byteLength} ${createHash('sha256').update(stdout).digest('hex')}`);
    }
    return files.join('\n');
  };
  expect(await listing(join(folder, 'again'))).toBe(await listing(resolve('.cache/lab')));
});
