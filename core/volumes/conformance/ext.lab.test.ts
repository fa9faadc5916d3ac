import { describe, expect, it } from 'vitest';
import { type Candidate, judge } from './conformance.ts';

const base: Omit<Candidate, 'name' | 'kind' | 'format'> = {
  sizeMiB: 600,
  mount: ['mount', '-o', 'loop,noatime', 'IMAGE'],
  mountReadOnly: ['mount', '-o', 'loop,ro', 'IMAGE'],
  tree: { files: 700, unix: true, exotic: true, holes: true },
  judged: {},
};

const mkfs = (...options: string[]): string[] => ['mkfs.ext4', '-q', '-F', ...options, 'IMAGE'];

const candidates: readonly Candidate[] = [
  { ...base, name: 'ext4 as by default', kind: 'ext4', format: mkfs() },
  {
    ...base,
    name: 'ext4 with inline data, meta groups, 1 KiB blocks',
    kind: 'ext4',
    format: mkfs('-b', '1024', '-O', 'inline_data,meta_bg,^resize_inode'),
  },
  {
    ...base,
    name: 'ext4 without checksums and 64 bits, small inodes',
    kind: 'ext4',
    format: mkfs('-O', '^metadata_csum,^64bit', '-I', '256'),
  },
  { ...base, name: 'ext4 with clusters', kind: 'ext4', format: mkfs('-O', 'bigalloc', '-C', '16384') },
  { ...base, name: 'ext3', kind: 'ext3', format: ['mkfs.ext3', '-q', '-F', '-b', '1024', 'IMAGE'] },
  {
    ...base,
    name: 'ext2 of the oldest kind',
    kind: 'ext2',
    format: [
      'mkfs.ext2',
      '-q',
      '-F',
      '-I',
      '128',
      '-O',
      '^filetype,^sparse_super,^resize_inode,^dir_index',
      'IMAGE',
    ],
  },
];

describe('ext2, ext3 and ext4 as the kernel shows them', () => {
  for (const candidate of candidates)
    it(candidate.name, async () => {
      const { differences, entries } = await judge(candidate);
      expect(differences.slice(0, 20)).toEqual([]);
      expect(entries).toBeGreaterThan(1200);
    });
});
