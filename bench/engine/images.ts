import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isZero } from '../../core/engine/compute/zero-bytes.ts';
import { runProcess } from './run-process.ts';

const compared = 64 * 1024;
const diskSize = 4 * 2 ** 30;
const firstPartition = 2 ** 20;
const packages = [
  ...['linux-image-amd64', 'openssh-server', 'nginx-light', 'git', 'build-essential', 'postgresql'],
  ...['redis-server', 'default-jre-headless', 'vim', 'curl', 'python3-pip'],
];

/** A 4 GiB disk with Debian on ext4, made once (about two minutes, needs root, mmdebstrap and e2fsprogs). */
export async function debianDisk(cache: string): Promise<string> {
  const image = join(cache, 'disk.raw');
  if (await exists(image)) return image;
  await mkdir(cache, { recursive: true });
  const root = join(cache, 'root');
  const unfinished = join(cache, 'unfinished.raw');
  await runProcess([
    'mmdebstrap',
    '--variant=important',
    `--include=${packages.join(',')}`,
    'bookworm',
    root,
  ]);
  const file = await open(unfinished, 'w');
  await file.truncate(diskSize);
  await file.close();
  await runProcess(['sh', '-c', `printf 'label: gpt\\nstart=2048, type=L\\n' | sfdisk -q '${unfinished}'`]);
  const kibibytes = `${(diskSize - 2 * firstPartition) / 1024}k`;
  await runProcess([
    'mkfs.ext4',
    '-q',
    '-F',
    '-d',
    root,
    '-E',
    `offset=${firstPartition}`,
    unfinished,
    kibibytes,
  ]);
  await rm(root, { recursive: true, force: true });
  await rename(unfinished, image);
  return image;
}

const changedPart = 0.01;
const block = 2 ** 20;
const stretch = 4;

/** The image with 1 % of the disk changed, all of it in used blocks, in runs of 4 MiB; always the same ones. */
export async function changedDisk(image: string, second: string): Promise<string> {
  if (await exists(second)) return second;
  await mkdir(dirname(second), { recursive: true });
  const unfinished = `${second}.unfinished`;
  await runProcess(['cp', '--sparse=always', image, unfinished]);
  const file = await open(unfinished, 'r+');
  const { size } = await file.stat();
  const used = await usedBlocks(file, size);
  const oneOf = Math.max(1, Math.round(used.length / ((size / block) * changedPart)));
  const bytes = Buffer.alloc(block);
  for (const [index, offset] of used.entries()) {
    if (Math.floor(index / stretch) % oneOf !== oneOf >> 1) continue;
    await file.read(bytes, 0, block, offset);
    change(bytes, String(offset));
    await file.write(bytes, 0, block, offset);
  }
  await file.close();
  await rename(unfinished, second);
  return second;
}

/** Offsets of the whole blocks that are not zero. */
async function usedBlocks(file: FileHandle, size: number): Promise<number[]> {
  const bytes = Buffer.alloc(block);
  const used: number[] = [];
  for (let offset = 0; offset + block <= size; offset += block) {
    await file.read(bytes, 0, block, offset);
    if (!isZero(bytes)) used.push(offset);
  }
  return used;
}

/** Half of it new and incompressible, half other bytes that compress like those that were there. */
function change(block: Buffer, seed: string): void {
  const half = block.length / 2;
  createHash('shake256', { outputLength: half }).update(seed).digest().copy(block);
  for (let at = half; at < block.length; at++) block[at] = (block[at] ?? 0) ^ 0x55;
}

/** Writes down the ranges in which two images differ, as a snapshot comparison would give them. */
export async function writeChangedRanges(image: string, second: string, target: string): Promise<number> {
  const [left, right] = [await open(image), await open(second)];
  const { size } = await right.stat();
  const ranges: { offset: number; length: number }[] = [];
  const [before, after] = [Buffer.alloc(2 ** 22), Buffer.alloc(2 ** 22)];
  for (let offset = 0; offset < size; offset += after.length) {
    await left.read(before, 0, before.length, offset);
    const { bytesRead } = await right.read(after, 0, after.length, offset);
    for (let at = 0; at < bytesRead; at += compared) {
      const end = Math.min(at + compared, bytesRead);
      if (before.subarray(at, end).equals(after.subarray(at, end))) continue;
      const last = ranges.at(-1);
      if (last !== undefined && last.offset + last.length === offset + at) last.length += end - at;
      else ranges.push({ offset: offset + at, length: end - at });
    }
  }
  await left.close();
  await right.close();
  await writeFile(target, JSON.stringify(ranges));
  return ranges.reduce((sum, range) => sum + range.length, 0);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
