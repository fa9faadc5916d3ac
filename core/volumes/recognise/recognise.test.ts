import { describe, expect, it } from 'vitest';
import { MemoryDisk } from '../disk/index.ts';
import { openVolumes } from '../open-volumes.ts';

const { signal } = new AbortController();
const SIZE = 1024 * 1024;

/** What stands where on a disk of each kind; from the kinds' own documentation. */
const marks: readonly (readonly [kind: string, at: number, mark: string | number[]])[] = [
  ['luks', 0, 'LUKS\xba\xbe\0\x02'],
  ['bitlocker', 3, '-FVE-FS-'],
  ['refs', 3, 'ReFS\0\0\0\0'],
  ['btrfs', 65536 + 64, '_BHRfS_M'],
  ['raid-member', 4096, [0xfc, 0x4e, 0x2b, 0xa9]],
  ['raid-member', SIZE - 65536, [0xfc, 0x4e, 0x2b, 0xa9]],
  ['raid-member', SIZE - 8192, [0xfc, 0x4e, 0x2b, 0xa9]],
  ['storage-spaces', 0, 'SPACEDB '],
  ['zfs', 131072 + 4096 - 1024, [0x0c, 0xb1, 0xba, 0, 0, 0, 0, 0]],
  ['swap', 4086, 'SWAPSPACE2'],
  ['f2fs', 1024, [0x10, 0x20, 0xf5, 0xf2]],
  ['squashfs', 0, 'hsqs'],
  ['apfs', 32, 'NXSB'],
  ['hfs', 1024, 'H+'],
  ['iso9660', 32769, 'CD001'],
  ['unknown', 5000, 'anything else'],
  ['empty', 0, ''],
];

describe('volumes without a reader are known by name and never read', () => {
  for (const [kind, at, mark] of marks)
    it(`${kind} at ${at}`, async () => {
      const bytes = new Uint8Array(SIZE);
      bytes.set(typeof mark === 'string' ? Buffer.from(mark, 'latin1') : mark, at);
      const [volume] = await openVolumes([new MemoryDisk(bytes)], { signal });
      expect(volume?.facts).toMatchObject({ id: 'disk0', kind, state: 'unsupported', size: SIZE });
      expect(volume?.readable).toBe(false);
      await expect(volume?.resolve('/', signal)).rejects.toMatchObject({ code: 'not-supported' });
    });

  it('a member of a set is not taken for the file system that it starts with', async () => {
    const bytes = new Uint8Array(SIZE);
    bytes.set([0x53, 0xef], 1024 + 0x38);
    bytes.set([0xfc, 0x4e, 0x2b, 0xa9], SIZE - 8192);
    const [volume] = await openVolumes([new MemoryDisk(bytes)], { signal });
    expect(volume?.facts.kind).toBe('raid-member');
  });

  it('disks too small for anything are unknown, and none at all is no volume', async () => {
    for (const size of [1, 100, 511, 513, 1100]) {
      const [volume] = await openVolumes([new MemoryDisk(new Uint8Array(size).fill(7))], { signal });
      expect(volume?.facts.kind).toBe('unknown');
    }
    expect(await openVolumes([new MemoryDisk(new Uint8Array(0))], { signal })).toEqual([]);
  });

  it('a damaged file system is listed with the reason', async () => {
    const bytes = new Uint8Array(SIZE);
    bytes.set([0x53, 0xef], 1024 + 0x38);
    const [volume] = await openVolumes([new MemoryDisk(bytes)], { signal });
    expect(volume?.facts).toMatchObject({ kind: 'ext', state: 'damaged' });
    await expect(volume?.resolve('/', signal)).rejects.toMatchObject({ code: 'damaged' });
  });
});
