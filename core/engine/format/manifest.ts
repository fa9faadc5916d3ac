import * as z from 'zod/mini';
import type { BackupStatistics, RestorePoint } from '../model.ts';
import { type BlockRef, type BlockRefJson, blockRefFromJson, blockRefToJson } from './block-ref.ts';
import { damaged } from './bytes.ts';
import { maxMapLevel, rootLevel } from './map-node.ts';
import { isId } from './names.ts';

/** `docs/format.md`, section "Manifest": one restore point, JSON in a sealed object. */
export interface ManifestDisk {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly blockSize: number;
  /** Root of the block map; undefined when the whole disk is zero. */
  readonly root: BlockRef | undefined;
}

export interface Manifest extends Omit<RestorePoint, 'disks'> {
  readonly disks: readonly ManifestDisk[];
}

const count = z.int().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));
const refSchema = z.object({
  id: z.string(),
  pack: z.string(),
  slot: count,
  offset: count,
  length: count,
  plainLength: count,
  encoding: count,
});
const manifestSchema = z.object({
  version: z.literal(1),
  id: z.string().check(z.refine(isId)),
  resource: z.object({ workload: z.string(), id: z.string(), name: z.string() }),
  createdAt: z.string(),
  takenAt: z.string(),
  previous: z.nullable(z.string()),
  disks: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      size: count,
      blockSize: count.check(z.minimum(512)),
      root: z.nullable(refSchema),
    }),
  ),
  document: z.unknown(),
  statistics: z.object({
    diskBytes: count,
    readBytes: count,
    storedBytes: count,
    deduplicatedBytes: count,
    zeroBytes: count,
    mapBytes: count,
  } satisfies Record<keyof BackupStatistics, z.ZodMiniNumber>),
});

export function encodeManifest(manifest: Manifest): Uint8Array {
  const json = {
    version: 1,
    ...manifest,
    previous: manifest.previous ?? null,
    document: manifest.document ?? null,
    disks: manifest.disks.map((disk) => ({ ...disk, root: rootToJson(disk.root) })),
  };
  return Buffer.from(JSON.stringify(json), 'utf8');
}

function rootToJson(root: BlockRef | undefined): BlockRefJson | null {
  return root === undefined ? null : blockRefToJson(root);
}

export function decodeManifest(plain: Uint8Array, object: string): Manifest {
  const parsed = manifestSchema.safeParse(parseJson(plain, object));
  if (!parsed.success) throw damaged(object, 'its fields are malformed', parsed.error);
  const { version: _, previous, disks, ...rest } = parsed.data;
  return {
    ...rest,
    previous: previous ?? undefined,
    disks: disks.map((disk) => {
      if (rootLevel(blockCount(disk)) > maxMapLevel) throw damaged(object, 'a disk in it is too large');
      return { ...disk, root: disk.root === null ? undefined : blockRefFromJson(disk.root, object) };
    }),
  };
}

export function blockCount(disk: { readonly size: number; readonly blockSize: number }): number {
  return Math.ceil(disk.size / disk.blockSize);
}

function parseJson(plain: Uint8Array, object: string): unknown {
  try {
    return JSON.parse(Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString('utf8'));
  } catch (thrown) {
    throw damaged(object, 'it is not JSON', thrown);
  }
}
