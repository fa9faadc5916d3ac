import { open } from 'node:fs/promises';
import type { FileSystemKind } from './file-systems.ts';
import { extentOffset, LVM_EXTENT_BYTES } from './lvm-writer.ts';
import { runTool } from './run-tool.ts';

/** A file system in one piece of a disk, in bytes. */
export interface FoundVolume {
  readonly kind: FileSystemKind;
  readonly offset: number;
  readonly length: number;
}

interface Span {
  readonly offset: number;
  readonly length: number;
}

/** File systems on a raw disk image that can be mounted: on partitions, on the bare disk, on whole logical volumes. */
export async function probeVolumes(
  file: string,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<FoundVolume[]> {
  const partitions = await partitionsOf(file, signal);
  const spans = partitions.length > 0 ? partitions : [{ offset: 0, length: sizeBytes }];
  const found: FoundVolume[] = [];
  for (const span of spans) {
    const kind = await kindAt(file, span, signal);
    if (kind === 'LVM2_member') {
      for (const volume of await logicalVolumes(file, span))
        add(found, await kindAt(file, volume, signal), volume);
    } else {
      add(found, kind, span);
    }
  }
  return found;
}

function add(found: FoundVolume[], kind: string, span: Span): void {
  if (kind === 'ext4' || kind === 'xfs' || kind === 'ntfs') found.push({ kind, ...span });
}

async function partitionsOf(file: string, signal: AbortSignal): Promise<Span[]> {
  const text = await runTool('sfdisk', ['--json', file], { signal }).catch(() => undefined);
  if (text === undefined) return [];
  const table = JSON.parse(text) as {
    partitiontable?: { sectorsize?: number; partitions?: { start: number; size: number }[] };
  };
  const sector = table.partitiontable?.sectorsize ?? 512;
  return (table.partitiontable?.partitions ?? []).map(({ start, size }) => ({
    offset: start * sector,
    length: size * sector,
  }));
}

async function kindAt(file: string, { offset, length }: Span, signal: AbortSignal): Promise<string> {
  const words = ['-p', '-o', 'value', '-s', 'TYPE', '-O', String(offset), '-S', String(length), file];
  return (await runTool('blkid', words, { signal }).catch(() => '')).trim();
}

/** Logical volumes of one segment, read from the text metadata at the start of a physical volume. */
async function logicalVolumes(file: string, physical: Span): Promise<Span[]> {
  const handle = await open(file, 'r');
  const bytes = Buffer.alloc(1024 * 1024);
  try {
    await handle.read(bytes, 0, bytes.byteLength, physical.offset);
  } finally {
    await handle.close();
  }
  const text = bytes.toString('latin1');
  const pattern =
    /segment_count = 1\s+segment1 \{\s+start_extent = 0\s+extent_count = (\d+)\s+type = "striped"\s+stripe_count = 1\s+stripes = \[\s+"pv0", (\d+)/g;
  return [...text.matchAll(pattern)].map(([, extents, first]) => ({
    offset: physical.offset + extentOffset(Number(first)),
    length: Number(extents) * LVM_EXTENT_BYTES,
  }));
}
