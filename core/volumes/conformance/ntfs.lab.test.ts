import { describe, expect, it } from 'vitest';
import { type Candidate, judge } from './conformance.ts';
import { runTool } from './run-tool.ts';

const base: Omit<Candidate, 'name' | 'format'> = {
  kind: 'ntfs',
  sizeMiB: 400,
  mount: ['ntfs-3g', '-o', 'loop,streams_interface=xattr,compression', 'IMAGE'],
  mountReadOnly: ['ntfs-3g', '-o', 'loop,ro', 'IMAGE'],
  tree: { files: 500, unix: true, exotic: false, holes: true },
  judged: { mode: false, owner: false, allocated: false, device: false, links: false },
};

/** Node has no call for extended attributes; files made in a compressed directory are compressed. */
const SET_COMPRESSED =
  "import os, sys; os.setxattr(sys.argv[1], 'system.ntfs_attrib', (0x800).to_bytes(4, 'little'))";

const mkntfs = (...options: string[]): string[] => ['mkntfs', '-q', '-F', '-Q', ...options, 'IMAGE'];

const candidates: readonly Candidate[] = [
  {
    ...base,
    name: 'as by default, with a compressed directory',
    format: mkntfs(),
    extra: async (root) => {
      await runTool('mkdir', `${root}/packed`);
      await runTool('python3', '-c', SET_COMPRESSED, `${root}/packed`);
      await runTool('cp', `${root}/sizes/text`, `${root}/sizes/size-9000001`, `${root}/packed/`);
      await runTool('dd', 'if=/dev/zero', `of=${root}/packed/zeros`, 'bs=1M', 'count=3');
    },
  },
  { ...base, name: 'with clusters of 512 bytes', format: mkntfs('-c', '512') },
  {
    ...base,
    name: 'with clusters of 64 KiB and sectors of 4 KiB',
    format: mkntfs('-c', '65536', '-s', '4096'),
  },
];

describe('NTFS as ntfs-3g shows it', () => {
  for (const candidate of candidates)
    it(candidate.name, async () => {
      const { differences, entries } = await judge(candidate);
      expect(differences.slice(0, 20)).toEqual([]);
      expect(entries).toBeGreaterThan(800);
    });
});
