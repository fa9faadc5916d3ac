import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, mkdtemp, open, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileSystemKind, makeFileSystem } from './file-systems.ts';
import { growTree } from './file-tree.ts';
import type { ImageRecipe, PartitionRecipe, VolumeRecipe } from './image-recipes.ts';
import { extentOffset, LVM_EXTENT_BYTES, lvmHeader } from './lvm-writer.ts';
import { seededRandom } from './random-source.ts';
import { runTool } from './run-tool.ts';

const MIB = 1024 * 1024;
const SECTOR = 512;
const WINDOW_BYTES = 4 * MIB;
const COPY_BYTES = 65_536;
const ZERO = Buffer.alloc(COPY_BYTES);

/** Where a file system lies on a disk, in bytes; in pieces only on a logical volume. */
export interface VolumePlace {
  readonly kind: FileSystemKind;
  readonly pieces: readonly { readonly offset: number; readonly length: number }[];
}

export interface BuiltImage {
  readonly sizeBytes: number;
  readonly volumes: readonly VolumePlace[];
  /** Everything outside reads as zero. */
  readonly dataRanges: readonly { readonly start: number; readonly end: number }[];
}

interface Build {
  readonly recipe: ImageRecipe;
  readonly image: FileHandle;
  readonly scratch: string;
  readonly volumes: VolumePlace[];
  readonly dataRanges: { start: number; end: number }[];
  readonly signal: AbortSignal;
}

/** Makes the disk image of a recipe in `file`, with scratch space beside it. */
export async function buildImage(
  recipe: ImageRecipe,
  file: string,
  signal: AbortSignal,
): Promise<BuiltImage> {
  const scratch = await mkdtemp(`${file}.work-`);
  const sizeBytes = recipe.sizeMib * MIB;
  try {
    await (await open(file, 'w')).close();
    await truncate(file, sizeBytes);
    if (recipe.table !== 'none')
      await runTool('sfdisk', ['--quiet', file], { signal, input: tableScript(recipe) });
    const image = await open(file, 'r+');
    // Partition tables lie in the first and, as their copy, in the last mebibyte; those of logical partitions where the
    // extended one begins.
    const tables = [0, recipe.sizeMib - 1, ...recipe.partitions.map(({ startMib }) => startMib)];
    const dataRanges = tables.map((mib) => ({ start: mib * MIB, end: (mib + 1) * MIB }));
    const build: Build = { recipe, image, scratch, volumes: [], dataRanges, signal };
    try {
      for (const partition of recipe.partitions) await fillPartition(build, partition);
    } finally {
      await image.close();
    }
    return { sizeBytes, volumes: build.volumes, dataRanges: merged(build.dataRanges) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function tableScript(recipe: ImageRecipe): string {
  const gpt = recipe.table === 'gpt';
  const lines = recipe.partitions.map((partition, index) => {
    const start = (partition.startMib * MIB) / SECTOR;
    const size = (partition.sizeMib * MIB) / SECTOR;
    const names = gpt ? `, uuid=${uuidOf(`${recipe.name} ${index}`)}, name="${partition.name ?? ''}"` : '';
    return `start=${start}, size=${size}, type=${partition.type}${names}`;
  });
  const id = gpt ? uuidOf(recipe.name) : `0x${uuidOf(recipe.name).slice(0, 8)}`;
  return `label: ${recipe.table}\nlabel-id: ${id}\nunit: sectors\n${lines.join('\n')}\n`;
}

async function fillPartition(build: Build, partition: PartitionRecipe): Promise<void> {
  const offset = partition.startMib * MIB;
  const length = partition.sizeMib * MIB;
  if (partition.volume !== undefined) await fillVolume(build, partition.volume, [{ offset, length }]);
  if (partition.group === undefined) return;
  const { name, volumes } = partition.group;
  await writeAt(build, offset, lvmHeader({ name, sizeBytes: length, volumes }));
  for (const each of volumes) {
    const pieces = each.segments.map((segment) => ({
      offset: offset + extentOffset(segment.firstExtent),
      length: segment.extents * LVM_EXTENT_BYTES,
    }));
    await fillVolume(build, each.volume, pieces);
  }
}

async function fillVolume(build: Build, volume: VolumeRecipe, pieces: VolumePlace['pieces']): Promise<void> {
  const { recipe, scratch, signal } = build;
  const key = `${recipe.name} ${volume.label}`;
  let tree: string | undefined;
  if (volume.tree !== undefined) {
    tree = join(scratch, 'tree');
    await mkdir(tree);
    await growTree(tree, { ...volume.tree, random: seededRandom(key) });
  }
  const file = join(scratch, 'volume');
  const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const startSector = (pieces[0]?.offset ?? 0) / SECTOR;
  const { kind, label } = volume;
  await makeFileSystem({ kind, label, file, sizeBytes, tree, startSector, uuid: uuidOf(key), signal });
  await copyVolume(build, file, pieces);
  build.volumes.push({ kind, pieces });
  await rm(file);
  if (tree !== undefined) await rm(tree, { recursive: true });
}

/** Copies a file system into its pieces on the disk, leaving holes where it is zero. */
async function copyVolume(build: Build, file: string, pieces: VolumePlace['pieces']): Promise<void> {
  const source = await open(file, 'r');
  try {
    const window = Buffer.alloc(WINDOW_BYTES);
    let from = 0;
    for (const piece of pieces) {
      for (let at = 0; at < piece.length; at += WINDOW_BYTES) {
        const length = Math.min(WINDOW_BYTES, piece.length - at);
        const { bytesRead } = await source.read(window, 0, length, from + at);
        await writeNonZero(build, piece.offset + at, window.subarray(0, bytesRead));
      }
      from += piece.length;
    }
  } finally {
    await source.close();
  }
}

async function writeNonZero(build: Build, offset: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.byteLength; at += COPY_BYTES) {
    const part = bytes.subarray(at, at + COPY_BYTES);
    if (ZERO.compare(part, 0, part.byteLength, 0, part.byteLength) !== 0)
      await writeAt(build, offset + at, part);
  }
}

async function writeAt(build: Build, offset: number, bytes: Buffer): Promise<void> {
  await build.image.write(bytes, 0, bytes.byteLength, offset);
  const last = build.dataRanges.at(-1);
  if (last?.end === offset) last.end += bytes.byteLength;
  else build.dataRanges.push({ start: offset, end: offset + bytes.byteLength });
}

function merged(ranges: readonly { start: number; end: number }[]): { start: number; end: number }[] {
  const result: { start: number; end: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else result.push({ ...range });
  }
  return result;
}

/** A version-4-looking GUID that follows from a text. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
