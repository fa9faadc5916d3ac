import { describe, expect, it } from 'vitest';
import { type Candidate, judge } from './conformance.ts';
import { runTool } from './run-tool.ts';

const base: Omit<Candidate, 'name' | 'format'> = {
  kind: 'xfs',
  sizeMiB: 600,
  mount: ['mount', '-o', 'loop,noatime,nouuid', 'IMAGE'],
  mountReadOnly: ['mount', '-o', 'loop,ro,nouuid', 'IMAGE'],
  tree: { files: 700, unix: true, exotic: true, holes: true },
  judged: {},
};

const mkfs = (...options: string[]): string[] => ['mkfs.xfs', '-q', '-f', ...options, 'IMAGE'];

const candidates: readonly Candidate[] = [
  {
    ...base,
    name: 'version 5 as by default, with reflinks',
    format: mkfs(),
    extra: async (root) => {
      await runTool('cp', '--reflink=always', `${root}/sizes/size-9000001`, `${root}/sizes/shared`);
      await runTool(
        'dd',
        'if=/dev/zero',
        `of=${root}/sizes/shared`,
        'bs=4096',
        'count=3',
        'seek=70',
        'conv=notrunc',
      );
    },
  },
  {
    ...base,
    name: 'version 5, 1 KiB blocks, 4 KiB directory blocks',
    format: mkfs('-b', 'size=1024', '-n', 'size=4096'),
  },
  {
    ...base,
    name: 'version 5, 1 KiB inodes, 64 KiB directory blocks',
    format: mkfs('-i', 'size=1024', '-n', 'size=65536'),
  },
  {
    ...base,
    name: 'version 5 with many extents and without big times',
    format: mkfs('-i', 'nrext64=1', '-m', 'bigtime=0'),
  },
];

describe('XFS as the kernel shows it', () => {
  for (const candidate of candidates)
    it(candidate.name, async () => {
      const { differences, entries } = await judge(candidate);
      expect(differences.slice(0, 20)).toEqual([]);
      expect(entries).toBeGreaterThan(1200);
    });
});
