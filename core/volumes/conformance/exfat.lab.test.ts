import { describe, expect, it } from 'vitest';
import { type Candidate, judge } from './conformance.ts';
import { fatJudged } from './fat-times.ts';

const base: Omit<Candidate, 'name' | 'format'> = {
  kind: 'exfat',
  sizeMiB: 300,
  mount: ['mount.exfat-fuse', 'LOOP'],
  mountReadOnly: ['mount.exfat-fuse', '-o', 'ro', 'LOOP'],
  tree: { files: 600, unix: false, exotic: false, holes: false },
  judged: fatJudged,
};

const mkfs = (...options: string[]): string[] => ['mkfs.exfat', ...options, 'IMAGE'];

const candidates: readonly Candidate[] = [
  { ...base, name: 'with clusters of 4 KiB', format: mkfs('-c', '4K') },
  { ...base, name: 'with clusters of 512 bytes', format: mkfs('-c', '512') },
  { ...base, name: 'with clusters of 128 KiB', format: mkfs('-c', '128K') },
];

describe('exFAT as exfat-fuse shows it', () => {
  for (const candidate of candidates)
    it(candidate.name, async () => {
      const { differences, entries } = await judge(candidate);
      expect(differences.slice(0, 20)).toEqual([]);
      expect(entries).toBeGreaterThan(1000);
    });
});
