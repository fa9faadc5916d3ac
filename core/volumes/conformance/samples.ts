import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { JudgedNode, JudgedTree } from './judged-tree.ts';

/** The small images in `testdata/`, made by `make-samples.ts`. */
export const sampleNames = [
  'ext2',
  'ext3-dirty',
  'ext4',
  'ext4-dirty',
  'ext4-fast-dirty',
  'ext4-inline',
  'xfs',
  'xfs-dirty',
  'xfs-v4',
  'ntfs',
  'fat12',
  'fat16',
  'fat32',
  'exfat',
] as const;

const folder = new URL('../testdata/', import.meta.url);

export async function readSample(name: string): Promise<Uint8Array> {
  return gunzipSync(await readFile(new URL(`${name}.img.gz`, folder)));
}

/** What the sample's judge saw; only the facts that it can be trusted with. */
export async function readSampleTree(name: string): Promise<JudgedTree> {
  const text = await readFile(new URL(`${name}.tree.json`, folder), 'utf8');
  const rows = JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as [string, JudgedNode][];
  return new Map(rows);
}
